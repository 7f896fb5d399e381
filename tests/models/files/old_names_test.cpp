// Names that checkpoints have for historical reasons, for every family.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

/// A tiny model with a head, the prefix of its base and its class without the head.
struct Named {
  std::string model, base, bare;
};

const std::vector<Named> named_models = {
    {"bert/lm", "bert.", "BertModel"},
    {"bert/answer", "bert.", "BertModel"},
    {"bert/sequence", "bert.", "BertModel"},
    {"nezha/lm", "nezha.", "NezhaModel"},
    {"roformer/narrow", "roformer.", "RoFormerModel"},
    {"roformer/sequence", "roformer.", "RoFormerModel"},
    {"roberta/lm", "roberta.", "RobertaModel"},
    {"roberta/relative", "roberta.", "RobertaModel"},
    {"xlm-roberta/lm", "roberta.", "XLMRobertaModel"},
    {"camembert/sequence", "roberta.", "CamembertModel"},
    {"distilbert/lm", "distilbert.", "DistilBertModel"},
    {"distilbert/sequence", "distilbert.", "DistilBertModel"},
    {"electra/generator", "electra.", "ElectraModel"},
    {"electra/discriminator", "electra.", "ElectraModel"},
    {"albert/lm", "albert.", "AlbertModel"},
    {"albert/pretraining", "albert.", "AlbertModel"},
    {"mpnet/lm", "mpnet.", "MPNetModel"},
    {"gpt2/lm", "transformer.", "GPT2Model"},
    {"neox/lm", "gpt_neox.", "GPTNeoXModel"},
    {"llama/lm", "model.", "LlamaModel"},
    {"mistral/lm", "model.", "MistralModel"},
    {"qwen2/lm", "model.", "Qwen2Model"},
};

using Renaming = std::string (*)(std::string name, const std::string& base);

std::string with_prefix(std::string name, const std::string& base) {
  return name.starts_with(base) ? name : base + name;
}
std::string without_prefix(std::string name, const std::string& base) {
  return name.starts_with(base) ? name.substr(base.size()) : name;
}
std::string with_old_norms(std::string name, const std::string&) {
  for (const auto& [now, then] : {std::pair{"LayerNorm.weight", "LayerNorm.gamma"},
                                  std::pair{"LayerNorm.bias", "LayerNorm.beta"}}) {
    if (name.ends_with(now)) return name.replace(name.size() - std::string(now).size(), 99, then);
  }
  return name;
}
std::string bare_and_old(std::string name, const std::string& base) {
  return with_old_norms(without_prefix(std::move(name), base), base);
}

TinyFolder renamed(TinyFolder folder, const Named& named, Renaming rename) {
  std::map<std::string, Tensor> tensors;
  while (!folder.tensors.empty()) {
    auto tensor = folder.tensors.extract(folder.tensors.begin());
    tensor.key() = rename(tensor.key(), named.base);
    tensors.insert(std::move(tensor));
  }
  folder.tensors = std::move(tensors);
  return folder;
}

/// What opening the written folder and running the golden's inputs says; empty: all is equal.
std::string difference(const TinyFolder& folder, const Golden& golden) {
  const TemporaryFolder written;
  folder.save(written / "model");
  try {
    const auto model = Model::open(written / "model");
    return first_divergence(*model->graph(), golden, 1e-4);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a model is the same with gamma and beta, without its prefix, and with both") {
  for (const Named& named : named_models) {
    const Golden golden = golden_of(named.model);
    for (const Renaming rename : {with_old_norms, without_prefix, bare_and_old}) {
      CAPTURE(named.model);
      CHECK(difference(renamed(tiny(named.model), named, rename), golden) == "");
    }
  }
}

TEST_CASE("a bare class is read from a file of the class with a head, and from one with prefixes") {
  for (const Named& named : named_models) {
    CAPTURE(named.model);
    TinyFolder folder = tiny(named.model);
    folder.config["architectures"] = {named.bare};
    const Golden golden = golden_of(named.model);
    const TemporaryFolder written;
    folder.save(written / "model");
    std::shared_ptr<const Model> model;
    CHECK(written.message([&] { model = Model::open(written / "model"); }) == "no error");
    if (!model) continue;
    const auto trace = run_traced(model->graph(), golden);
    int compared = 0;
    for (const auto& [name, tensor] : trace) {  // nodes have the bare class's names
      const auto expected = golden.nodes.find(named.base + name);
      if (expected == golden.nodes.end()) continue;
      const auto& shown = name;
      CAPTURE(shown);
      double difference = 0;
      for (int64_t i = 0; i < tensor.count(); ++i) {
        difference =
            std::max<double>(difference, std::abs(tensor.data()[i] - expected->second.data()[i]));
      }
      CHECK(difference < 1e-3);
      ++compared;
    }
    CHECK(compared >= 5);
  }
}

TEST_CASE("a class with a head is not read from a file without: the missing weight is named") {
  TinyFolder folder = tiny("bert/bare");
  folder.config["architectures"] = {"BertForTokenClassification"};
  CHECK(difference(folder, golden_of("bert/bare")).starts_with("classifier.weight: expected"));
  folder = renamed(std::move(folder), {"", "bert.", ""}, with_prefix);
  CHECK(difference(folder, golden_of("bert/bare")).starts_with("classifier.weight: expected"));
  folder.config["architectures"] = {"BertModel"};
  CHECK(difference(folder, golden_of("bert/bare")) == "");
}

}  // namespace locus::tests
