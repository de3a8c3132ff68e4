#include "team.h"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

namespace team {
namespace {
static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "the kernel compares the word itself");

void sleep_while(std::atomic<uint32_t>& word, uint32_t value) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

void wake(std::atomic<uint32_t>& word, int threads = INT_MAX) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, threads, nullptr, nullptr, 0);
}

// Kernels that save power or pack virtual processors wake a thread on the core of the one that woke it, and leave both there while others
// are idle: the two then take turns. The thread may run where it might before; only where it runs has changed.
void leave(int core) {
  cpu_set_t allowed;
  if (crowded() || sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return;
  }
  cpu_set_t others = allowed;
  CPU_CLR(core, &others);
  if (CPU_COUNT(&others) != 0 && sched_setaffinity(0, sizeof others, &others) == 0) {
    sched_setaffinity(0, sizeof allowed, &allowed);
  }
}

thread_local Place here;
thread_local Patience patience;

// Another place until the end of the block.
class Seat {
 public:
  explicit Seat(Place place) : before_(std::exchange(here, place)) {}
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() { here = before_; }

 private:
  Place before_;
};

// Of a worker's share: none; none, and the worker sleeps; one that nobody has begun; one under way; or the worker is to end.
enum Share : uint32_t { None, Asleep, Offered, Taken, Dismissed };
}  // namespace

struct alignas(64) Team::Worker {
  std::atomic<uint32_t> share{None};
  std::thread thread;
};

bool crowded() {
  // Of its five words the fourth is "running/all", of threads. Without it nobody is known to be waiting. Where the process may use some
  // cores only, others count as if they wanted these: too careful, never too bold.
  static const int load = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
  char text[64];
  const auto length = load < 0 ? -1 : pread(load, text, sizeof text - 1, 0);
  if (length <= 0) {
    return false;
  }
  text[length] = 0;
  cpu_set_t allowed;
  const int cores = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : get_nprocs();
  int running = 0;
  return sscanf(text, "%*s %*s %*s %d/", &running) == 1 && running > cores;
}

Place& place() { return here; }

Team& Team::mine() {
  thread_local Team team;
  return team;
}

Team::~Team() {
  for (auto& worker : workers_) {
    worker->share.exchange(Dismissed);
    wake(worker->share);
    worker->thread.join();
  }
}

void Team::run(Body body, void* data, uint32_t size, bool apart) {
  if (size == 1 || here.parallel) {
    Seat alone({this, 0, 1, here.parallel});
    body(data);
    return;
  }
  while (workers_.size() + 1 < size) {
    workers_.push_back(std::make_unique<Worker>());
    workers_.back()->thread = std::thread(&Team::work, this, std::ref(*workers_.back()), uint32_t(workers_.size()));
  }
  body_ = body;
  data_ = data;
  size_ = size;
  core_.store(sched_getcpu(), std::memory_order_relaxed);
  left_.store(size - 1, std::memory_order_relaxed);
  for (uint32_t i = 0; i + 1 < size; i++) {
    if (workers_[i]->share.exchange(Offered) == Asleep) {
      wake(workers_[i]->share, 1);
    }
  }
  call(0);
  for (uint32_t i = 0; !apart && i + 1 < size; i++) {
    uint32_t offered = Offered;
    if (workers_[i]->share.compare_exchange_strong(offered, Taken)) {
      call(i + 1);
      workers_[i]->share.store(None, std::memory_order_release);
      left_.fetch_sub(1);
    }
  }
  while (!patience.outlast([&] { return left_.load(std::memory_order_acquire) == 0; })) {
    asleep_.store(1);
    if (const auto left = left_.load()) {
      sleep_while(left_, left);
    }
    asleep_.store(0, std::memory_order_relaxed);
  }
}

void Team::call(uint32_t number) {
  Seat seat({this, number, size_, true});
  body_(data_);
}

void Team::finish_one() {
  if (left_.fetch_sub(1) == 1 && asleep_.load() != 0) {
    wake(left_);
  }
}

void Team::work(Worker& worker, uint32_t number) {
  pthread_setname_np(pthread_self(), "parallel");
  using Clock = std::chrono::steady_clock;
  constexpr Clock::duration between_moves = std::chrono::microseconds(500);
  auto& share = worker.share;
  for (Clock::time_point moved{};;) {
    if (const int core = core_.load(std::memory_order_relaxed); core >= 0 && core == sched_getcpu()) {
      if (const auto now = Clock::now(); now - moved > between_moves) {
        moved = now;
        leave(core);
      }
    }
    const bool seen = patience.outlast([&] {
      const auto now = share.load(std::memory_order_acquire);
      return now == Offered || now == Dismissed;
    });
    uint32_t now = None;
    if (!seen && share.compare_exchange_strong(now, Asleep)) {
      while (share.load() == Asleep) {
        sleep_while(share, Asleep);
      }
    }
    now = Offered;
    if (share.compare_exchange_strong(now, Taken)) {
      call(number);
      share.store(None, std::memory_order_release);         // before the owner may offer the next one
      finish_one();
    } else if (now == Dismissed) {
      return;
    }
  }
}

void Team::meet() {
  if (here.size == 1) {
    return;
  }
  const auto meeting = meeting_.load(std::memory_order_acquire);
  if (arrived_.fetch_add(1) + 1 == size_) {
    arrived_.store(0, std::memory_order_relaxed);
    meeting_.store(meeting + 1);
    if (sleepers_.load() != 0) {
      wake(meeting_);
    }
    return;
  }
  while (!patience.outlast([&] { return meeting_.load(std::memory_order_acquire) != meeting; })) {
    sleepers_.fetch_add(1);
    sleep_while(meeting_, meeting);
    sleepers_.fetch_sub(1);
  }
}

}  // namespace team
