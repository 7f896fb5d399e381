#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "engine/weights.hpp"
#include "tests/engine/weights/files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

struct Hostile {
  std::string what;
  std::string bytes;
  std::string message;
};

std::string file(std::string_view header, size_t data) {
  return raw_safetensors(header, std::string(data, '\0'));
}

std::string nested(size_t levels) {
  return R"({"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
}

const std::vector<Hostile> hostile_files{
    {"an empty file", "", "x: expected a safetensors file of at least 8 bytes, found 0"},
    {"a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\n",
     "x: expected a safetensors file, found a pointer of Git LFS: the file itself was not fetched"},
    {"another format", "GGUF\3 and so on",
     "x: expected a safetensors file, found a GGUF file (llama.cpp's; the folder it was made "
     "from is read)"},
    {"a page", "<!DOCTYPE html><html>", "x: expected a safetensors file, found a page of HTML"},
    {"a cut length", std::string("\x10\0\0", 3),
     "x: expected a safetensors file of at least 8 bytes, found 3"},
    {"a length beyond the file", raw_safetensors(1000, "{}", ""),
     "x: expected a safetensors file, with a header of at most 2 bytes, found one of 1000"},
    {"the largest length", raw_safetensors(~uint64_t{0}, "{}", ""),
     "x: expected a safetensors file, with a header of at most 2 bytes, found one of "
     "18446744073709551615"},
    {"no header", raw_safetensors(0, "", ""),
     "x: expected a header that begins with '{', found another"},
    {"a header that is no object", file("[1, 2]", 0),
     "x: expected a header that begins with '{', found another"},
    {"a header after a space", file(" {}", 0),
     "x: expected a header that begins with '{', found another"},
    {"a header that is cut", file(R"({"a":{"dtype":"F32")", 0),
     "x: expected JSON, found parse error at line 1, column 20: syntax error while parsing object "
     "- unexpected end of input; expected '}'"},
    {"bytes that are not UTF-8", file("{\"\xff\":1}", 0),
     "x: expected JSON, found parse error at line 1, column 3: syntax error while parsing object "
     "key - invalid string: ill-formed UTF-8 byte; last read: '\"\\xff'; expected string literal"},
    {"a header too deep", file(nested(1000), 0),
     "x: expected JSON of at most 3 levels, found more"},
    {"a tensor that is a number", file(R"({"a":1})", 0), "x: a: expected an object, found 1"},
    {"a tensor twice",
     file(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
          R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
          2),
     "x: expected every key once, found 'a' twice"},
    {"a key twice",
     file(R"({"a":{"dtype":"U8","dtype":"F32","shape":[4],"data_offsets":[0,4]}})", 4),
     "x: expected every key once, found 'dtype' twice"},
    {"no type", file(R"({"a":{"shape":[1],"data_offsets":[0,1]}})", 1),
     "x: a: expected a key 'dtype', found none"},
    {"an unknown type", file(R"({"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})", 1),
     "x: a.dtype: expected one of F32, F16, BF16, F64, I64, I32, I16, I8, U32, U16, U8, BOOL, "
     "found "
     "\"F8_E4M3\""},
    {"a type that is a number", file(R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,1]}})", 1),
     "x: a.dtype: expected a text, found 7"},
    {"an unknown key",
     file(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"stride":[1]}})", 1),
     "x: a: expected no keys but dtype, shape, data_offsets, found 'stride'"},
    {"no shape", file(R"({"a":{"dtype":"U8","data_offsets":[0,1]}})", 1),
     "x: a: expected a key 'shape', found none"},
    {"a negative size", file(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1),
     "x: a.shape: expected sizes of zero or more, found [-1]"},
    {"a size with a fraction",
     file(R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", 1),
     "x: a.shape[0]: expected an integer, found 1.0"},
    {"a size of 2^63",
     file(R"({"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}})", 1),
     "x: a.shape[0]: expected an integer below 2^63, found 9223372036854775808"},
    {"a product that wraps to 4",
     file(R"({"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4]}})", 4),
     "x: a.shape: expected a size below 2^63 bytes, found [4294967296,4294967297]"},
    {"bytes that wrap",
     file(R"({"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}})", 4),
     "x: a.shape: expected a size below 2^63 bytes, found [4611686018427387905]"},
    {"a high rank",
     file(R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}})", 1),
     "x: a.shape: expected a rank of at most 8, found a list of 9"},
    {"one offset", file(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})", 1),
     "x: a.data_offsets: expected two offsets, found [0]"},
    {"offsets out of order", file(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})", 1),
     "x: a.data_offsets: expected a range within the 1 bytes of data, found [1,0]"},
    {"a negative offset", file(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}})", 1),
     "x: a.data_offsets: expected a range within the 1 bytes of data, found [-1,0]"},
    {"data that is cut", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 7),
     "x: a.data_offsets: expected a range within the 7 bytes of data, found [0,8]"},
    {"a range that is not the shape's",
     file(R"({"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,8]}})", 8),
     "x: a.data_offsets: expected 12 bytes for F16 [2, 3], found [0,8]"},
    {"an overlap",
     file(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
          R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
          3),
     "x: b: expected data from 2 (no overlap), found [1, 3]"},
    {"two tensors of one place",
     file(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
          R"("b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
          2),
     "x: b: expected data from 2 (no overlap), found [0, 2]"},
    {"a hole",
     file(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
          R"("b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}})",
          4),
     "x: b: expected data from 2 (no hole), found [3, 4]"},
    {"bytes after the last tensor",
     file(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 3),
     "x: expected 2 bytes of data, as its tensors say, found 3"},
    {"metadata that is not text", file(R"({"__metadata__":{"format":1}})", 0),
     "x: __metadata__.format: expected a text, found 1"},
};

}  // namespace

TEST_CASE("every hostile safetensors file is refused with a message that says why") {
  const TemporaryFolder folder;
  for (const Hostile& hostile : hostile_files) {
    CAPTURE(hostile.what);
    const auto path = folder.write("x", hostile.bytes);
    CHECK(folder.message([&] { open_safetensors(path); }) == hostile.message);
  }
}

TEST_CASE("a header beyond 100 MB is refused although the file is longer") {
  const TemporaryFolder folder;
  const auto path = folder.write("x", raw_safetensors(100'000'001, "{", ""));
  std::filesystem::resize_file(path, 100'000'100);  // sparse
  CHECK(folder.message([&] { open_safetensors(path); }) ==
        "x: expected a safetensors file, with a header of at most 100000000 bytes, found one of "
        "100000001");
}

TEST_CASE("a header of very many values is refused before it fills the memory") {
  const TemporaryFolder folder;
  std::string zeroes = "0";
  for (int i = 0; i < 4'000'001; ++i) zeroes += ",0";
  const auto path = folder.write("x", file(R"({"a":{"shape":[)" + zeroes + "]}}", 0));
  CHECK(folder.message([&] { open_safetensors(path); }) ==
        "x: expected JSON of at most 4000000 values, found more");
}

TEST_CASE("a missing file, a folder and a device are refused by name") {
  const TemporaryFolder folder;
  CHECK(folder.message([&] { open_safetensors(folder / "none"); }) ==
        "none: expected a readable file, found No such file or directory");
  std::filesystem::create_directory(folder / "sub");
  CHECK(folder.message([&] { open_safetensors(folder / "sub"); }) ==
        "sub: expected a regular file, found another kind");
  CHECK(folder.message([&] { open_safetensors("/dev/null"); }) ==
        "/dev/null: expected a regular file, found another kind");
}

TEST_CASE("mutated safetensors files either load or throw Error") {
  const TemporaryFolder folder;
  const std::string original =
      file(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":)"
           R"([0,16]},"b":{"dtype":"F16","shape":[3],"data_offsets":[16,22]}})",
           22);
  const std::string letters = "0123456789-[]{},:\"eE.abFU \\\n";
  std::mt19937 random(20240229);
  int loaded = 0, refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = original;
    for (uint32_t change = random() % 3 + 1; change > 0; --change) {
      const size_t at = random() % bytes.size();
      const bool raw = random() % 4 == 0;
      const char letter = raw ? static_cast<char>(random()) : letters[random() % letters.size()];
      if (random() % 3 == 0) {
        bytes.erase(at, random() % 4);
      } else {
        bytes[at] = letter;
      }
    }
    const auto path = folder.write("x", bytes);
    try {
      const auto weights = open_safetensors(path);
      for (const auto& name : weights.names()) weights.f32(name);
      ++loaded;
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(loaded + refused == 4000);
  CHECK(loaded > 100);
  CHECK(refused > 2000);
}
