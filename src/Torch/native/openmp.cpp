// OpenMP's entry points for libtorch and oneDNN. They call seven functions of libgomp and no more; the loader finds these here first,
// for this library comes before libgomp in its order. Teams of ours answer them, or libgomp where that is safer or wished for.
#include "openmp.h"
#include "team.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include <dlfcn.h>
#include <link.h>

namespace {
using Parallel = void (*)(team::Body, void*, unsigned, unsigned);

struct Libgomp {
  Parallel parallel;
  void (*barrier)(), (*set_threads)(int);
  int (*max_threads)(), (*threads)(), (*number)(), (*in_parallel)();
};

template <class Function>
void find(Function& function, const char* name) {
  function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

const Libgomp& libgomp() {
  static const Libgomp found = [] {
    Libgomp made;
    find(made.parallel, "GOMP_parallel");
    find(made.barrier, "GOMP_barrier");
    find(made.set_threads, "omp_set_num_threads");
    find(made.max_threads, "omp_get_max_threads");
    find(made.threads, "omp_get_num_threads");
    find(made.number, "omp_get_thread_num");
    find(made.in_parallel, "omp_in_parallel");
    return made;
  }();
  return found;
}

struct Range {
  uintptr_t begin, end;
};

bool teams = false;
std::vector<Range>& meeting = *new std::vector<Range>();    // code whose regions may hold a barrier

// Shares that meet cannot be done one after the other.
bool meets(team::Body body) {
  const auto place = reinterpret_cast<uintptr_t>(body);
  return std::any_of(meeting.begin(), meeting.end(), [&](const Range& range) { return place >= range.begin && place < range.end; });
}

// What asks a team of libgomp's would find none. Locks, atomics and critical sections need no team.
bool needs_libgomp(std::string_view name) {
  constexpr std::string_view answered[] = {"GOMP_parallel", "GOMP_barrier", "omp_set_num_threads", "omp_get_max_threads",
                                           "omp_get_num_threads", "omp_get_thread_num", "omp_in_parallel", "omp_get_num_procs"};
  const auto begins = [&](std::string_view start) { return name.substr(0, start.size()) == start; };
  if (begins("GOMP_")) {
    return !begins("GOMP_critical_") && !begins("GOMP_atomic_") && std::count(std::begin(answered), std::end(answered), name) == 0;
  }
  return begins("omp_") && name.find("lock") == name.npos && std::count(std::begin(answered), std::end(answered), name) == 0;
}

// The names that a loaded library asks others for: by the format of its hash table they come before the names it offers.
std::vector<std::string_view> imports(const dl_phdr_info& library) {
  const ElfW(Sym)* symbols = nullptr;
  const char* names = nullptr;
  const uint32_t* hash = nullptr;
  for (const auto* header = library.dlpi_phdr; header != library.dlpi_phdr + library.dlpi_phnum; header++) {
    if (header->p_type != PT_DYNAMIC) {
      continue;
    }
    for (auto entry = reinterpret_cast<const ElfW(Dyn)*>(library.dlpi_addr + header->p_vaddr); entry->d_tag != DT_NULL; entry++) {
      // The loader has added the library's address to what it shows here, but for the kernel's own library.
      const auto pointer = entry->d_un.d_ptr < library.dlpi_addr ? entry->d_un.d_ptr + library.dlpi_addr : entry->d_un.d_ptr;
      switch (entry->d_tag) {
        case DT_SYMTAB: symbols = reinterpret_cast<const ElfW(Sym)*>(pointer); break;
        case DT_STRTAB: names = reinterpret_cast<const char*>(pointer); break;
        case DT_GNU_HASH: hash = reinterpret_cast<const uint32_t*>(pointer); break;
      }
    }
  }
  std::vector<std::string_view> found;
  for (uint32_t i = 1; symbols && names && hash && i < hash[1]; i++) {
    found.emplace_back(names + symbols[i].st_name);
  }
  return found;
}

int look(dl_phdr_info* library, size_t, void* unanswered) {
  const auto names = imports(*library);
  if (std::count(names.begin(), names.end(), "GOMP_barrier") != 0) {
    for (const auto* header = library->dlpi_phdr; header != library->dlpi_phdr + library->dlpi_phnum; header++) {
      if (header->p_type == PT_LOAD && (header->p_flags & PF_X) != 0) {
        meeting.push_back({library->dlpi_addr + header->p_vaddr, library->dlpi_addr + header->p_vaddr + header->p_memsz});
      }
    }
  }
  *static_cast<bool*>(unanswered) |= std::any_of(names.begin(), names.end(), needs_libgomp);
  return 0;
}

// Not so where something has loaded libtorch earlier, and bound it to libgomp.
bool libtorch_asks_here() {
  auto& parallel = team::place().parallel;
  parallel = true;
  const bool seen = at::in_parallel_region();
  parallel = false;
  return seen;
}
}  // namespace

bool start_teams() {
  const auto& real = libgomp();
  if (!real.parallel || !real.barrier || !real.set_threads || !real.max_threads || !real.threads || !real.number || !real.in_parallel) {
    return false;
  }
  bool unanswered = false;
  dl_iterate_phdr(look, &unanswered);
  teams = !unanswered;
  return teams = teams && libtorch_asks_here();
}

#define OPENMP extern "C" __attribute__((visibility("default")))

OPENMP void GOMP_parallel(team::Body body, void* data, unsigned threads, unsigned flags) {
  if (!teams) {
    return libgomp().parallel(body, data, threads, flags);
  }
  const auto& place = team::place();
  auto& team = place.parallel ? *place.team : team::Team::mine();
  team.run(body, data, threads != 0 ? threads : unsigned(libgomp().max_threads()), meets(body));
}

OPENMP void GOMP_barrier() {
  if (!teams) {
    return libgomp().barrier();
  }
  if (auto* team = team::place().team) {
    team->meet();
  }
}

// libgomp keeps the number, for each thread its own, beginning with OMP_NUM_THREADS or the processors that the process may use.
OPENMP void omp_set_num_threads(int threads) { libgomp().set_threads(threads); }

OPENMP int omp_get_max_threads() { return libgomp().max_threads(); }

OPENMP int omp_get_num_threads() { return teams ? int(team::place().size) : libgomp().threads(); }

OPENMP int omp_get_thread_num() { return teams ? int(team::place().number) : libgomp().number(); }

OPENMP int omp_in_parallel() { return teams ? team::place().parallel : libgomp().in_parallel(); }
