#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/json/json_text.hpp"
#include "base/sha256.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/npy.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/paragraph.hpp"
#include "tools/cli/terminal/table.hpp"

namespace locus::tests {
namespace {

using namespace locus::cli;

TEST_CASE("sha256 gives the digests of FIPS 180-2") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const TemporaryFolder folder;
  CHECK(sha256_of_file(folder.write("file", "abc")) == sha256("abc"));
  CHECK_THROWS_AS(sha256_of_file(folder / "none"), Error);
}

TEST_CASE("a paragraph breaks between words, and between characters where there are no words") {
  CHECK(paragraph("a  short one", "  ") == "  a short one\n");
  CHECK(paragraph("", "  ") == "  \n");
  const std::string word(50, 'w');
  CHECK(paragraph(word + " " + word, "") == word + "\n" + word + "\n");
  std::string chinese;
  for (int i = 0; i < 39; ++i) chinese += "字";
  // The stop does not begin a line: it takes the character before it along.
  CHECK(paragraph(chinese + "字。完", "") == chinese + "\n字。完\n");
  CHECK(paragraph("长度 L，字", " ") == " 长度 L，字\n");
}

TEST_CASE("a NumPy file keeps its shape and its values") {
  const TemporaryFolder folder;
  const std::vector<float> values{1, -2.5f, 3e-20f, 4, 5, 6e20f};
  write_npy(folder / "a.npy", {2, 3}, values);
  const auto content = read_text(folder / "a.npy");
  CHECK(content.size() == 128 + 6 * sizeof(float));  // the header fills whole lines of 64 bytes
  CHECK(content.find("'shape': (2,3,)") != content.npos);
  const auto tensor = read_npy(folder / "a.npy");
  CHECK(tensor.shape() == Shape{2, 3});
  CHECK(std::equal(values.begin(), values.end(), tensor.values().begin()));
}

TEST_CASE("NumPy files of doubles and in Fortran order are read") {
  const TemporaryFolder folder;
  std::string header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }";
  header.resize(117, ' ');
  std::string content("\x93NUMPY\x01\x00\x76\x00", 10);
  content += header + "\n";
  for (const double value : {0., 10., 1., 11., 2., 12.}) {
    content.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  const auto tensor = read_npy(folder.write("a.npy", content));
  CHECK(tensor.shape() == Shape{2, 3});
  const std::vector<float> rows{0, 1, 2, 10, 11, 12};
  CHECK(std::equal(rows.begin(), rows.end(), tensor.values().begin()));
}

TEST_CASE("a NumPy file that is cut off or of another type is refused") {
  const TemporaryFolder folder;
  write_npy(folder / "a.npy", {2, 3}, std::vector<float>(6));
  const auto content = read_text(folder / "a.npy");
  for (const size_t size : {size_t{0}, size_t{3}, size_t{9}, size_t{60}, content.size() - 1}) {
    CHECK_THROWS_AS(read_npy(folder.write("b.npy", content.substr(0, size))), Error);
  }
  auto other = content;
  other.replace(content.find("<f4"), 3, ">f4");
  CHECK_THROWS_AS(read_npy(folder.write("c.npy", other)), Error);
}

TEST_CASE("table cells align by what a terminal shows") {
  Table table({left("name"), right("n")});
  table.add({"日本", "1"});
  table.add({"abcdef", "10"});
  CHECK(table.text(80) == "name     n\n日本     1\nabcdef  10\n");
  CHECK(table.text(7) == "name  …\n日本  …\nabcdef…\n");
}

TEST_CASE("a table leaves its optional columns out where they do not fit") {
  Table table({left("name"), optional("more"), right("n")});
  table.add({"abcdef", "whatever", "10"});
  CHECK(table.text(20) == "name    more       n\nabcdef  whatever  10\n");
  CHECK(table.text(19) == "name     n\nabcdef  10\n");
}

TEST_CASE("a table too wide cuts the cells that may be cut, the last first") {
  Table table({left("model", 4), left("encoding", 3), right("n")});
  table.add({"abcdefgh", "ijklmnop", "12"});
  CHECK(table.text(22) == "model     encoding   n\nabcdefgh  ijklmnop  12\n");
  CHECK(table.text(18) == "model     enc…   n\nabcdefgh  ijk…  12\n");
  CHECK(table.text(14) == "model  en…   n\nabcd…  ij…  12\n");
  CHECK(table.text(10) == "mod…  en……\nabc…  ij……\n");
}

TEST_CASE("control characters of a token stay on its line") {
  CHECK(visible("a\nb\x01") == "a\\nb\\x01");
  CHECK(visible("é\xff") == "é\\xff");
}

TEST_CASE("a JSON string written by hand is read back as it was") {
  std::string text = "\"\\/ é日𝄞 \x7f";
  for (char byte = 0; byte < 0x20; ++byte) text += byte;
  std::string line;
  locus::detail::append_json(line, text);
  CHECK(nlohmann::json::parse(line).get<std::string>() == text);
}

TEST_CASE("numbers for people") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(-1906240) == "-1,906,240");
  CHECK(bytes_text(999) == "999 bytes");
  CHECK(bytes_text(3814000) == "3.8 MB");
  CHECK(fixed(1.005, 1) == "1.0");
}

TEST_CASE("ids are read with commas or white space, and what is none is named") {
  CHECK(parse_ids("ids", "101, 2023\t102\n") == std::vector<int32_t>{101, 2023, 102});
  CHECK_THROWS_WITH(parse_ids("ids", "1,x2"),
                    "ids: expected token ids such as 101,2023,102, found x2");
  CHECK_THROWS_WITH(parse_ids("ids", " "), "ids: expected at least one token id, found none");
}

TEST_CASE("a staged file is there after the commit alone, and nothing else is left") {
  const TemporaryFolder folder;
  {
    Staging staging(folder / "a.txt");
    write_file(staging.path(), "text");
    CHECK_FALSE(std::filesystem::exists(folder / "a.txt"));
  }
  CHECK(folder.names().empty());
  write_file(folder / "a.txt", "first");
  write_file(folder / "a.txt", "second");
  CHECK(read_text(folder / "a.txt") == "second");
  CHECK(folder.names() == std::vector<std::string>{"a.txt"});
}

TEST_CASE("a file does not take the place of a folder") {
  const TemporaryFolder folder;
  folder.write("out/precious.txt", "data");
  CHECK_THROWS_WITH(write_file(folder / "out", "text"),
                    doctest::Contains("out: expected the name of a file, found a folder"));
  CHECK(read_text(folder / "out/precious.txt") == "data");
  CHECK(folder.names() == std::vector<std::string>{"out"});
}

TEST_CASE("what is written to a link or a device goes where they lead, and both stay") {
  const TemporaryFolder folder;
  folder.write("target.txt", "old");
  std::filesystem::create_symlink("target.txt", folder / "link");
  write_file(folder / "link", "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_text(folder / "target.txt") == "new");
  std::filesystem::create_symlink("/dev/null", folder / "nothing");
  write_file(folder / "nothing", "text");
  write_file(folder / "nothing", "");
  CHECK(std::filesystem::is_symlink(folder / "nothing"));
  CHECK(std::filesystem::is_character_file("/dev/null"));
  std::filesystem::create_symlink("/dev/full", folder / "full");
  CHECK_THROWS_WITH(write_file(folder / "full", "text"), doctest::Contains("room to write"));
  CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("a warning is one line of printable text, whatever a file holds") {
  CHECK(visible("a\x1b[31m\u202e\n") == "a\\x1b[31m\\xe2\\x80\\xae\\n");
}

TEST_CASE("a staged folder takes the place of one that is not empty") {
  const TemporaryFolder folder;
  folder.write("out/old.txt", "old");
  Staging staging(folder / "out/");
  std::filesystem::create_directory(staging.path());
  write_file(staging.path() / "new.txt", "new");
  staging.commit();
  CHECK(read_text(folder / "out/new.txt") == "new");
  CHECK_FALSE(std::filesystem::exists(folder / "out/old.txt"));
}

}  // namespace
}  // namespace locus::tests
