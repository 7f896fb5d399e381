#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/verbs/doctor/doctor.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

const std::string interpreter = source_path("weights/text/the_interpreter.txt").string();

nlohmann::json finding(const nlohmann::json& document, const std::string& what) {
  for (const auto& each : document["findings"]) {
    if (each["what"] == what) return each;
  }
  FAIL("no finding ", what);
  return {};
}

/// What is wrong in a config.
struct Fault {
  std::string model, key;
  nlohmann::json value;    ///< null: the key is missing
  std::string found = "";  ///< the reading that mends it
};

/// A copy of a shipped model with it.
std::string faulty_model(const TemporaryFolder& folder, const Fault& fault) {
  const std::string copy = folder / "model";
  fs::remove_all(copy);
  fs::copy(source_path("weights/" + fault.model), copy);
  auto config = nlohmann::json::parse(read_text(copy + "/config.json"));
  config.erase(fault.key);
  if (!fault.value.is_null()) config[fault.key] = fault.value;
  std::ofstream(copy + "/config.json") << config.dump();
  return copy;
}

std::string changed_model(const TemporaryFolder& folder, const std::string& key,
                          const nlohmann::json& value) {
  return faulty_model(folder, {"causal-rope", key, value});
}

/// The shipped text's first bytes.
std::string beginning_of_text(const TemporaryFolder& folder, size_t bytes) {
  const std::string file = folder / "short.txt";
  std::ofstream(file) << read_text(interpreter).substr(0, bytes);
  return file;
}

nlohmann::json diagnosis(const std::string& model, const std::string& text) {
  return run({"doctor", model, "--text", text, "--sample", "16", "--context", "64", "--json"})
      .json();
}

TEST_CASE("the doctor says how a model was read, and by which key") {
  const auto document =
      run({"doctor", source_path("weights/causal-rope").string(), "--json"}).json();
  CHECK(finding(document, "family")["value"] == "gpt_neox");
  CHECK(finding(document, "encoding")["value"] == "rope:pairing=half");
  CHECK(finding(document, "encoding")["source"] == "rope_theta");
  CHECK(finding(document, "activation")["value"] == "gelu_new");
  CHECK(finding(document, "head")["value"] == "the table of token vectors");
  CHECK(finding(document, "attention")["value"] ==
        "5 heads of 32, scores by 1/sqrt(d), sees causal");
  CHECK_FALSE(finding(document, "activation")["assumed"].get<bool>());
  CHECK(document["contradictions"].empty());
  CHECK_FALSE(document.contains("readings"));
}

TEST_CASE("what no file says is assumed") {
  const TemporaryFolder folder;
  const auto model = changed_model(folder, "hidden_act", nullptr);
  const auto found = finding(run({"doctor", model, "--json"}).json(), "activation");
  CHECK(found["value"] == "gelu");
  CHECK(found["assumed"] == true);
  CHECK(found["source"] == "gpt_neox models");
}

TEST_CASE("the doctor finds what a config got wrong, and names it first") {
  const TemporaryFolder folder;
  const auto model = changed_model(folder, "use_parallel_residual", true);
  const auto document = run({"doctor", model, "--text", interpreter, "--json"}).json();
  const auto& leader = document["leader"];
  CHECK(leader["change"] == "serial residual");
  CHECK(leader["difference"] < -0.1);
  CHECK(leader["as_good"].empty());  // of what is better than as read alone
}

TEST_CASE("the doctor says of a model that counts nearly reach that it is not trained") {
  const std::string texts = source_path("weights/text").string();
  const auto diagnosed = [&](const std::string& name) {
    return run({"doctor", source_path("weights/" + name).string(), "--text", texts, "--sample",
                "60", "--json"})
        .json();
  };
  const auto none = diagnosed("masked-none");
  CHECK(none["status"] == "not trained");
  CHECK(none["contradictions"].dump().find("it is not trained: ") != std::string::npos);
  CHECK(none["floors"].back()["floor"] == "document counts");
  const auto rope = diagnosed("masked-rope");
  CHECK(rope["status"] == "trained");
  CHECK(rope["contradictions"].dump().find("not trained") == std::string::npos);
}

TEST_CASE("on a short text the doctor names the leader with its figure and what is missing") {
  const TemporaryFolder folder;
  const auto model = changed_model(folder, "use_parallel_residual", true);
  const auto text = run({"doctor", model, "--text", beginning_of_text(folder, 2000)}).out;
  const auto at = text.find("\nserial residual");
  REQUIRE(text.find("has the lowest loss: ") != std::string::npos);
  CHECK(at != std::string::npos);
  CHECK(text.find("less than as read") != std::string::npos);
  CHECK(text.find("give a longer text to be sure") != std::string::npos);
}

TEST_CASE("each common fault of a config has a reading that mends it") {
  using Json = nlohmann::json;
  const std::vector<Fault> faults{
      {"causal-rope-partial", "rotary_pct", 1.0, "rope: fraction=0.5"},
      {"causal-rope", "use_parallel_residual", true, "serial residual"},
      {"causal-rope", "rope_scaling", Json{{"rope_type", "linear"}, {"factor", 4.0}},
       "rope: scaling=none"},
      {"causal-rope", "rotary_emb_base", 100, "rope: base=10000"},
      {"causal-learned", "scale_attn_weights", false, "scores times 1/sqrt(d)"},
      {"masked-relative_key", "position_embedding_type", "relative_key_query",
       "relative_key instead of relative_key_query"},
      {"masked-nezha", "max_relative_position", 127, "nezha: clip=64"},
  };
  const TemporaryFolder folder;
  const std::string text = beginning_of_text(folder, 500);
  for (const Fault& fault : faults) {
    CAPTURE(fault.model);
    CAPTURE(fault.key);
    const double right =
        diagnosis(source_path("weights/" + fault.model).string(), text)["nll"].get<double>();
    const auto document = diagnosis(faulty_model(folder, fault), text);
    CHECK(document["nll"].get<double>() > right + 0.01);
    bool mended = false;
    for (const auto& reading : document["readings"]) {
      if (reading["change"] != fault.found) continue;
      mended = true;
      CHECK(reading["nll"].get<double>() == doctest::Approx(right).epsilon(1e-6));
    }
    CHECK(mended);
  }
}

TEST_CASE("a layer in sequence turned parallel and back is the same graph") {
  const auto model = Model::open(source_path("weights/causal-rope"));
  GraphSpec spec = model->spec();
  const auto turn = [](GraphSpec& graph, const std::string& name) {
    for (const auto& reading : cli::other_readings(graph)) {
      if (reading.text == name) return reading.revise(graph);
    }
    FAIL("no reading ", name);
  };
  turn(spec, "parallel residual");
  CHECK(spec != model->spec());
  turn(spec, "serial residual");
  CHECK(spec == model->spec());
}

TEST_CASE("attention of two stacks is told apart, and is not cut where nobody looks") {
  const auto result = run({"doctor", source_path("weights/span-t5").string()});
  CHECK(result.out.find("attention, encoder ") != std::string::npos);
  CHECK(result.out.find("attention, decoder ") != std::string::npos);
  CHECK(result.out.find("attention, decoder to encoder ") != std::string::npos);
  CHECK(result.out.find("…") == std::string::npos);
}

TEST_CASE("the decoder's heads are said by the decoder's key") {
  const auto document = run({"doctor", golden_model("bart/lm"), "--json"}).json();
  CHECK(finding(document, "attention, encoder")["source"] == "encoder_attention_heads");
  CHECK(finding(document, "attention, decoder")["source"] == "decoder_attention_heads");
}

TEST_CASE("of a TensorFlow folder the doctor names keys of its config, and its guesses") {
  const TemporaryFolder folder;
  const std::string copy = folder / "model";
  fs::copy(source_path("tests/goldens/formats/tensorflow/bert/pretraining"), copy);
  auto config = nlohmann::json::parse(read_text(copy + "/bert_config.json"));
  config.erase("layer_norm_eps");
  std::ofstream(copy + "/bert_config.json") << config.dump();
  const auto document = run({"doctor", copy, "--json"}).json();
  CHECK(finding(document, "family")["source"] == "a guess from the names of weights");
  CHECK(finding(document, "family")["assumed"] == true);
  CHECK(finding(document, "activation")["source"] == "hidden_act");
  CHECK(finding(document, "norm")["assumed"] == true);
}

TEST_CASE("ids of a config that the tokenizer has otherwise speak against it") {
  const TemporaryFolder folder;
  const auto model = changed_model(folder, "bos_token_id", 9);
  const auto document = run({"doctor", model, "--json"}).json();
  CHECK(document["contradictions"] ==
        nlohmann::json::array({"bos_token_id is 9 in config.json, and 1 in the tokenizer"}));
}

TEST_CASE("a class that fills gaps and sees one side alone speaks against itself") {
  const TemporaryFolder folder;
  const auto model = faulty_model(folder, {"masked-learned", "is_decoder", true});
  const auto document = run({"doctor", model, "--json"}).json();
  CHECK(document["contradictions"][0] ==
        "is_decoder hides later tokens, and BertForMaskedLM fills gaps by them");
}

TEST_CASE("weights that begin at random speak against a model") {
  const auto result = run(
      {"doctor", source_path("weights/causal-rope").string(), "--encoding", "learned", "--json"});
  CHECK(result.json()["contradictions"].dump().find("begin at random") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
