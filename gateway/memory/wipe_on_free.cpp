// Linked into the program that runs the gate: what a string or a buffer held is overwritten when it is freed, whoever
// held it. So a person number lives in memory no longer than the exchange that it belongs to, and no copy can be
// forgotten. Costs a few nanoseconds a block (docs/performance.md).
#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

void wipe_and_free(void* block, std::size_t size) noexcept {
  if (block == nullptr) return;
  std::memset(block, 0, size);
  asm volatile("" : : "r"(block) : "memory");  // the block is freed next; the compiler may not leave the wiping out
  std::free(block);
}

void wipe_and_free(void* block) noexcept { wipe_and_free(block, ::malloc_usable_size(block)); }

void* take(std::size_t size, std::size_t alignment = alignof(std::max_align_t)) {
  const std::size_t wanted = size == 0 ? 1 : size;
  void* block = alignment <= alignof(std::max_align_t)
                    ? std::malloc(wanted)
                    : std::aligned_alloc(alignment, (wanted + alignment - 1) / alignment * alignment);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { wipe_and_free(block); }
void operator delete[](void* block) noexcept { wipe_and_free(block); }
void operator delete(void* block, std::size_t size) noexcept { wipe_and_free(block, size); }
void operator delete[](void* block, std::size_t size) noexcept { wipe_and_free(block, size); }
void operator delete(void* block, std::align_val_t) noexcept { wipe_and_free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { wipe_and_free(block); }
void operator delete(void* block, std::size_t size, std::align_val_t) noexcept { wipe_and_free(block, size); }
void operator delete[](void* block, std::size_t size, std::align_val_t) noexcept { wipe_and_free(block, size); }
