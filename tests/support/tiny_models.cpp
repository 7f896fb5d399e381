#include "tests/support/tiny_models.hpp"

#include "tests/support/paths.hpp"

namespace locus::tests {
namespace fs = std::filesystem;
namespace {

// A vocabulary of 97 entries, as many as the golden models have.
std::string vocabulary() {
  std::string text = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  for (char letter = 'a'; letter <= 'z'; ++letter) text += std::string(1, letter) + "\n";
  for (char letter = 'a'; letter <= 'z'; ++letter) text += "##" + std::string(1, letter) + "\n";
  for (char digit = '0'; digit <= '9'; ++digit) text += std::string(1, digit) + "\n";
  for (const char* word : {".", ",", "!", "?", "the", "and", "of", "to"})
    text += word + std::string("\n");
  for (int i = 0; i < 22; ++i) text += "[unused" + std::to_string(i) + "]\n";
  return text;
}

}  // namespace

std::string golden_model(const std::string& name) {
  return source_path("tests/goldens/models/" + name).string();
}

std::string model_with_tokenizer(const TemporaryFolder& folder, const std::string& name) {
  for (const char* file : {"config.json", "model.safetensors"}) {
    fs::create_directories(folder.path() / name);
    fs::copy_file(fs::path(golden_model(name)) / file, folder.path() / name / file);
  }
  folder.write(name + "/vocab.txt", vocabulary());
  folder.write(name + "/tokenizer_config.json",
               R"({"tokenizer_class": "BertTokenizer", "do_lower_case": true})");
  return folder / name;
}

}  // namespace locus::tests
