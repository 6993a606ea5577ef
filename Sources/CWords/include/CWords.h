#ifndef CWORDS_H
#define CWORDS_H

// Questions about sixteen bytes at once, which are given by value, as two words whose lowest byte is the first one: so
// nothing about them is what Swift would call unsafe. The functions are so short that the compiler puts them where they
// are called. An answer has a bit for each byte, the lowest one for the first.
//
// Processors of other kinds than x86-64 get the same answers by plain arithmetic, only slower; tests compare the two.

#include <stdint.h>
#ifdef __x86_64__
#include <emmintrin.h>
#endif

#define CWORDS_INLINE static inline __attribute__((always_inline))

// The upper bit of each byte that is zero.
CWORDS_INLINE uint64_t words_zeros(uint64_t word) {
  const uint64_t low = 0x7F7F7F7F7F7F7F7F;
  return ~(((word & low) + low) | word | low);
}

// Eight bits for the upper bits of eight bytes.
CWORDS_INLINE uint32_t words_gathered(uint64_t upper) {
  return (uint32_t)(((upper >> 7) * 0x0102040810204080) >> 56);
}

CWORDS_INLINE uint64_t words_of(uint8_t byte) { return byte * 0x0101010101010101ull; }

CWORDS_INLINE uint32_t words_ends_of_text_in_one(uint64_t word) {
  uint64_t visible = (word & 0x7F7F7F7F7F7F7F7F) + words_of(0x60);
  uint64_t ends = words_zeros(word ^ words_of('"')) | words_zeros(word ^ words_of('\\')) | word | ~visible;
  return words_gathered(ends & words_of(0x80));
}

CWORDS_INLINE uint32_t words_others_than_digits_in_one(uint64_t word) {
  uint64_t fields = word ^ words_of('0');
  return words_gathered((fields | ((fields & 0x7F7F7F7F7F7F7F7F) + words_of(0x76))) & words_of(0x80));
}

// The value of a digit of Crockford's base 32; more than 31 where it is none.
CWORDS_INLINE uint8_t words_crockford_digit(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  uint8_t letter = byte & 0xDF;
  if (letter < 'A' || letter > 'Z' || letter == 'I' || letter == 'L' || letter == 'O' || letter == 'U') return 0xFF;
  return letter - 'A' + 10 - (letter > 'I') - (letter > 'L') - (letter > 'O') - (letter > 'U');
}

CWORDS_INLINE uint64_t words_crockford_in_one(uint64_t word) {
  uint64_t number = 0;
  for (int index = 0; index < 8; index++) {
    uint8_t digit = words_crockford_digit((uint8_t)(word >> (8 * index)));
    if (digit > 31) return UINT64_MAX;
    number = number << 5 | digit;
  }
  return number;
}

// The numbers that two times eight digits spell.
typedef struct {
  uint64_t first, second;
} words_numbers;

// words_ends_of_text by plain arithmetic.
CWORDS_INLINE uint32_t words_plain_ends_of_text(uint64_t first, uint64_t second) {
  return words_ends_of_text_in_one(first) | words_ends_of_text_in_one(second) << 8;
}

// words_others_than_digits by plain arithmetic.
CWORDS_INLINE uint32_t words_plain_others_than_digits(uint64_t first, uint64_t second) {
  return words_others_than_digits_in_one(first) | words_others_than_digits_in_one(second) << 8;
}

// words_crockford by plain arithmetic.
CWORDS_INLINE words_numbers words_plain_crockford(uint64_t first, uint64_t second) {
  words_numbers numbers = {words_crockford_in_one(first), words_crockford_in_one(second)};
  if (numbers.first == UINT64_MAX || numbers.second == UINT64_MAX) numbers.first = numbers.second = UINT64_MAX;
  return numbers;
}

CWORDS_INLINE uint32_t words_others_in_one(uint64_t word, uint64_t other) {
  return words_gathered(~words_zeros(word ^ other) & words_of(0x80));
}

CWORDS_INLINE uint32_t words_beyond_in_one(uint64_t word, uint64_t shape, uint64_t limits) {
  uint32_t beyond = 0;
  for (int index = 0; index < 8; index++) {
    beyond |= (uint32_t)((uint8_t)((word ^ shape) >> (8 * index)) > (uint8_t)(limits >> (8 * index))) << index;
  }
  return beyond;
}

// words_others by plain arithmetic.
CWORDS_INLINE uint32_t words_plain_others(
    uint64_t first, uint64_t second, uint64_t other_first, uint64_t other_second) {
  return words_others_in_one(first, other_first) | words_others_in_one(second, other_second) << 8;
}

// words_beyond by plain arithmetic.
CWORDS_INLINE uint32_t words_plain_beyond(
    uint64_t first, uint64_t second, uint64_t shape_first, uint64_t shape_second, uint64_t limits_first,
    uint64_t limits_second) {
  return words_beyond_in_one(first, shape_first, limits_first)
         | words_beyond_in_one(second, shape_second, limits_second) << 8;
}

// The bytes that are not those of another sixteen.
CWORDS_INLINE uint32_t words_others(uint64_t first, uint64_t second, uint64_t other_first, uint64_t other_second) {
#ifdef __x86_64__
  __m128i bytes = _mm_set_epi64x((long long)second, (long long)first);
  __m128i others = _mm_set_epi64x((long long)other_second, (long long)other_first);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, others)) ^ 0xFFFF;
#else
  return words_plain_others(first, second, other_first, other_second);
#endif
}

// The bytes whose exclusive or with those of a shape is more than a limit of each.
CWORDS_INLINE uint32_t words_beyond(
    uint64_t first, uint64_t second, uint64_t shape_first, uint64_t shape_second, uint64_t limits_first,
    uint64_t limits_second) {
#ifdef __x86_64__
  __m128i bytes = _mm_set_epi64x((long long)second, (long long)first);
  __m128i shape = _mm_set_epi64x((long long)shape_second, (long long)shape_first);
  __m128i limits = _mm_set_epi64x((long long)limits_second, (long long)limits_first);
  __m128i excess = _mm_subs_epu8(_mm_xor_si128(bytes, shape), limits);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(excess, _mm_setzero_si128())) ^ 0xFFFF;
#else
  return words_plain_beyond(first, second, shape_first, shape_second, limits_first, limits_second);
#endif
}

// The bytes that do not stand for themselves inside of a JSON string, or end it: quotes, backslashes, control
// characters, bytes beyond ASCII.
CWORDS_INLINE uint32_t words_ends_of_text(uint64_t first, uint64_t second) {
#ifdef __x86_64__
  __m128i bytes = _mm_set_epi64x((long long)second, (long long)first);
  __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  __m128i escapes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  // Bytes beyond ASCII are negative here.
  __m128i others = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, escapes), others));
#else
  return words_plain_ends_of_text(first, second);
#endif
}

// The bytes that are no decimal digits.
CWORDS_INLINE uint32_t words_others_than_digits(uint64_t first, uint64_t second) {
#ifdef __x86_64__
  __m128i bytes = _mm_set_epi64x((long long)second, (long long)first);
  // The ten digits become the ten least numbers.
  __m128i fields = _mm_add_epi8(bytes, _mm_set1_epi8((char)(0x80 - '0')));
  return (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(fields, _mm_set1_epi8((char)(0x80 + 9))));
#else
  return words_plain_others_than_digits(first, second);
#endif
}

// The numbers that two times eight digits of Crockford's base 32 spell, in upper or lower case, forty bits each; all
// bits are set in both where one is no digit.
CWORDS_INLINE words_numbers words_crockford(uint64_t first, uint64_t second) {
#ifdef __x86_64__
  __m128i bytes = _mm_set_epi64x((long long)second, (long long)first);
  __m128i letters = _mm_and_si128(bytes, _mm_set1_epi8((char)0xDF));
  // What is true of a byte is -1. The letters that are no digits leave gaps of one.
  __m128i digits = _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8((char)(0x80 - '0'))), _mm_set1_epi8(-128 + 10));
  __m128i above_i = _mm_cmpgt_epi8(letters, _mm_set1_epi8('I'));
  __m128i above_l = _mm_cmpgt_epi8(letters, _mm_set1_epi8('L'));
  __m128i above_o = _mm_cmpgt_epi8(letters, _mm_set1_epi8('O'));
  __m128i above_u = _mm_cmpgt_epi8(letters, _mm_set1_epi8('U'));
  __m128i gaps = _mm_add_epi8(_mm_add_epi8(above_i, above_l), _mm_add_epi8(above_o, above_u));
  __m128i is_letter = _mm_and_si128(
      _mm_cmpgt_epi8(letters, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(letters, _mm_set1_epi8('Z' + 1)));
  __m128i is_gap = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(letters, _mm_set1_epi8('I')), _mm_cmpeq_epi8(letters, _mm_set1_epi8('L'))),
      _mm_or_si128(_mm_cmpeq_epi8(letters, _mm_set1_epi8('O')), _mm_cmpeq_epi8(letters, _mm_set1_epi8('U'))));
  __m128i known = _mm_or_si128(digits, _mm_andnot_si128(is_gap, is_letter));
  if (_mm_movemask_epi8(known) != 0xFFFF) return (words_numbers){UINT64_MAX, UINT64_MAX};
  __m128i of_letters = _mm_add_epi8(_mm_sub_epi8(letters, _mm_set1_epi8('A' - 10)), gaps);
  __m128i of_digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  __m128i values = _mm_or_si128(_mm_and_si128(digits, of_digits), _mm_andnot_si128(digits, of_letters));
  // Two neighbours become one number, then two pairs, then two fours; the first one counts more.
  __m128i pairs = _mm_or_si128(
      _mm_slli_epi16(_mm_and_si128(values, _mm_set1_epi16(0xFF)), 5), _mm_srli_epi16(values, 8));
  __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 1 << 10));
  __m128i eights = _mm_or_si128(
      _mm_srli_epi64(_mm_slli_epi64(fours, 32), 12), _mm_srli_epi64(fours, 32));
  return (words_numbers){
      (uint64_t)_mm_cvtsi128_si64(eights), (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(eights, eights))};
#else
  return words_plain_crockford(first, second);
#endif
}

// Asks for the sixty-four bytes at `place` before they are needed: only those who handle memory themselves have one.
CWORDS_INLINE void words_fetch(const void *place) { __builtin_prefetch(place); }

#endif
