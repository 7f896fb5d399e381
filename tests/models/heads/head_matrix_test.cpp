// Which matrix makes logits: one rule, said by `tie_word_embeddings`, for all families.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

/// A tiny model and the path of the module that makes its logits.
struct Headed {
  const char* model;
  std::string head;
  bool tied = true;  ///< the class default

  std::string own() const { return head + ".weight"; }
};

const std::vector<Headed> headed_models = {
    {"bert/lm", "cls.predictions.decoder"},
    {"nezha/lm", "cls.predictions.decoder"},
    {"roformer/lm", "cls.predictions.decoder"},
    {"roformer-v2/lm", "cls.predictions.decoder"},
    {"deberta/lm", "cls.predictions.decoder"},
    {"roberta/lm", "lm_head.decoder"},
    {"mpnet/lm", "lm_head.decoder"},
    {"distilbert/lm", "vocab_projector"},
    {"electra/generator", "generator_lm_head"},
    {"albert/lm", "predictions.decoder"},
    {"modernbert/lm", "decoder"},
    {"t5/lm", "lm_head"},
    {"umt5/lm", "lm_head"},
    {"mt5/lm", "lm_head", false},
    {"bart/lm", "lm_head"},
    {"marian/lm", "lm_head"},
    {"pegasus/decoder", "lm_head"},
    {"gpt/lm", "lm_head"},
    {"gpt2/lm", "lm_head"},
    {"gpt-neo/lm", "lm_head"},
    {"gptj/lm", "lm_head", false},
    {"neox/lm", "embed_out", false},
    {"llama/lm", "lm_head", false},
    {"mistral/lm", "lm_head", false},
    {"qwen2/lm", "lm_head", false},
    {"opt/lm", "lm_head"},
    {"xglm/lm", "lm_head"},
    {"bloom/lm", "lm_head"},
    {"mpt/lm", "lm_head"},
    {"transfo-xl/lm", "crit.out_layers.0"},
};

std::string matrix_of(const TinyFolder& folder, const Headed& each) {
  return folder.build().spec.node(each.head).weights.at("weight").name;
}

std::string refusal(const TinyFolder& folder) {
  return failure_of([&] { folder.build(); }, "built");
}

/// Without a head of its own.
TinyFolder headless(const Headed& each, const nlohmann::json& tied) {
  TinyFolder folder = tiny(each.model);
  folder.tensors.erase(each.own());
  folder.config["tie_word_embeddings"] = tied;
  return folder;
}

}  // namespace

TEST_CASE("a head that the config calls untied must be stored") {
  for (const Headed& each : headed_models) {
    CAPTURE(each.model);
    const std::string expected =
        "config.json: expected 'tie_word_embeddings' to be true where no '" + each.own() +
        "' is stored, found ";
    CHECK(refusal(headless(each, false)) == expected + "false");
    // transformers reads null as false.
    CHECK(refusal(headless(each, nullptr)) == expected + "none, which stands for false");
  }
}

TEST_CASE("a config without the key means what its own class means") {
  for (const Headed& each : headed_models) {
    CAPTURE(each.model);
    TinyFolder folder = headless(each, true);
    const std::string table = matrix_of(folder, each);
    CHECK(table != each.own());
    folder.config.erase("tie_word_embeddings");
    if (each.tied) {
      CHECK(matrix_of(folder, each) == table);
      continue;
    }
    CHECK(refusal(folder).ends_with("' is stored, found none, which stands for false"));
    folder.tensors[each.own()] = folder.tensors.at(table).clone();
    CHECK(matrix_of(folder, each) == each.own());
  }
}

TEST_CASE("a stored copy of a tied head is harmless, one that differs is refused") {
  for (const Headed& each : headed_models) {
    CAPTURE(each.model);
    TinyFolder folder = headless(each, true);
    const std::string table = matrix_of(folder, each);
    folder.tensors[each.own()] = folder.tensors.at(table).clone();
    const TemporaryFolder written;
    folder.save(written / "model");
    CHECK_NOTHROW(Model::open(written / "model"));
    folder.tensors.at(each.own()).values()[3] += 1;
    const std::string differ = "config.json: expected 'tie_word_embeddings' to be false where '" +
                               each.own() + "' and '" + table + "' differ, found ";
    CHECK(refusal(folder) == differ + "true");
    if (!each.tied) continue;
    folder.config.erase("tie_word_embeddings");
    CHECK(refusal(folder) == differ + "none, which stands for true");
  }
}

TEST_CASE("a file whose names are all others is not told of its head first") {
  TinyFolder folder = tiny("llama/lm");
  std::map<std::string, Tensor> renamed;
  for (auto& [name, tensor] : folder.tensors) renamed["_orig_mod." + name] = std::move(tensor);
  folder.tensors = std::move(renamed);
  CHECK_THROWS_WITH_AS(folder.compile(), doctest::Contains("(close: _orig_mod."), Error);
}

TEST_CASE("a tied head of another shape than the table differs from it") {
  TinyFolder folder = tiny("gpt2/lm");
  folder.tensors["lm_head.weight"] = Tensor({3, 2});
  CHECK(refusal(folder).find("'lm_head.weight' and 'transformer.wte.weight' differ") !=
        std::string::npos);
}

TEST_CASE("DeBERTa's newer head takes the table of the words whatever the config says") {
  for (const bool tied : {true, false}) {
    TinyFolder folder = tiny("deberta/new-head");
    folder.config["tie_word_embeddings"] = tied;
    CHECK(matrix_of(folder, {"deberta/new-head", "lm_predictions.lm_head"}) ==
          "deberta.embeddings.word_embeddings.weight");
  }
}

}  // namespace locus::tests
