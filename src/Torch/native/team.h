// A thread and the workers that compute with it, as a parallel region of OpenMP asks for them.
//
// What differs from libgomp is how they wait. A network of small layers is hundreds of regions, some microseconds apart: workers that
// sleep between them are woken too late, workers that spin take the processor from others. These look whether anybody else wants their
// core: while nobody does they stay awake, else they sleep at once. A worker that finds itself on its owner's core leaves it. And who waits
// for a share that its worker has not begun does it himself.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace team {

inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Whether more threads want to run at this moment than there are cores for this one.
bool crowded();

// How long one thread stays awake for what it waits for.
class Patience {
 public:
  // True as soon as `ready()` is; false when it is time to sleep.
  template <class Ready>
  bool outlast(Ready&& ready) {
    if (looks(first_looks, ready)) {
      return true;
    }
    auto seen = Clock::now();
    if (seen >= next_look_) {
      look(seen, crowded());
    }
    for (const auto end = seen + longest; !crowded_ && seen < end;) {
      if (looks(next_looks, ready)) {
        return true;
      }
      const auto now = Clock::now();
      if (now - seen > someone_ran) {
        look(now, true);
      }
      seen = now;
    }
    return ready();
  }

 private:
  using Clock = std::chrono::steady_clock;
  // A microsecond; then a third of one from glance to glance at the clock.
  static constexpr int first_looks = 40, next_looks = 16;
  static constexpr Clock::duration longest = std::chrono::milliseconds(2);
  // The kernel's own work is shorter, another thread's slice longer.
  static constexpr Clock::duration someone_ran = std::chrono::microseconds(100);
  static constexpr Clock::duration between_looks = std::chrono::milliseconds(1);

  template <class Ready>
  static bool looks(int count, Ready& ready) {
    for (int i = 0; i < count; i++) {
      if (ready()) {
        return true;
      }
      relax();
    }
    return false;
  }

  void look(Clock::time_point now, bool crowded) {
    crowded_ = crowded;
    next_look_ = now + between_looks;
  }

  bool crowded_ = false;
  Clock::time_point next_look_{};
};

using Body = void (*)(void*);

class Team;

// Where a thread stands: its number among how many, and whether it is inside a region of more than one.
struct Place {
  Team* team = nullptr;
  uint32_t number = 0, size = 1;
  bool parallel = false;
};

Place& place();

class Team {
 public:
  Team() = default;
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  // The calling thread's own.
  static Team& mine();

  // Calls `body(data)` for each number below `size`, the caller's as 0. `apart`: shares may wait for each other, so each needs a thread of its own.
  void run(Body body, void* data, uint32_t size, bool apart);

  // Returns when all members of the region have come to it.
  void meet();

 private:
  struct Worker;

  void work(Worker& worker, uint32_t number);
  void call(uint32_t number);
  void finish_one();

  std::vector<std::unique_ptr<Worker>> workers_;
  Body body_ = nullptr;
  void* data_ = nullptr;
  uint32_t size_ = 1;
  std::atomic<int> core_{-1};                             // where the owner began the region
  alignas(64) std::atomic<uint32_t> left_{0};             // shares that others have not finished
  std::atomic<uint32_t> asleep_{0};                       // whether the team's owner sleeps until none is left
  alignas(64) std::atomic<uint32_t> arrived_{0}, meeting_{0}, sleepers_{0};
};

}  // namespace team
