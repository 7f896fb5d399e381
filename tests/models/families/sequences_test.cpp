// Facts about encoder-decoders of BART's and T5's kind that a nearly right implementation gets
// wrong.
#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "models/generate.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {

TEST_CASE("a bias on logits is stored beside the head, and may be left out (BART)") {
  TinyFolder folder = tiny("bart/lm");
  CHECK(folder.build().spec.node("lm_head").weights.at("bias").name == "final_logits_bias");
  folder.tensors.erase("final_logits_bias");
  CHECK(folder.build().spec.node("lm_head").weights.count("bias") == 0);
}

TEST_CASE("BART's one table may be stored under any of its names") {
  for (const char* name : {"model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight",
                           "lm_head.weight"}) {
    CAPTURE(name);
    TinyFolder folder = tiny("bart/lm");
    folder.tensors[name] = folder.tensors.at("model.shared.weight").clone();
    folder.tensors.erase("model.shared.weight");
    const Golden golden = golden_of("bart/lm");
    CHECK(first_divergence(*folder.compile(), golden, 1e-4) == "");
  }
}

namespace {

const std::string decoder_table = "model.decoder.embed_tokens.weight",
                  encoder_table = "model.encoder.embed_tokens.weight",
                  shared_table = "model.shared.weight";

struct ReadTables {
  std::string encoder, decoder, head;
};

/// Which of three stored copies of the table each part reads.
ReadTables tables_of(const std::string& model, const char* version) {
  TinyFolder folder = tiny(model);
  folder.config["transformers_version"] = version;
  for (const std::string& name : {encoder_table, decoder_table}) {
    folder.tensors[name] = folder.tensors.at(shared_table).clone();
  }
  const GraphSpec spec = folder.build().spec;
  const auto read = [&](const std::string& node, const std::string& slot) {
    return spec.node(node).weights.at(slot).name;
  };
  return {read("model.encoder.embed_tokens", "table"), read("model.decoder.embed_tokens", "table"),
          read("lm_head", "weight")};
}

}  // namespace

TEST_CASE("of several copies of the table each version reads others, and models differ in 4.49") {
  for (const char* model : {"bart/lm", "mbart/lm", "marian/lm", "pegasus/lm"}) {
    CAPTURE(model);
    const ReadTables newer = tables_of(model, "5.24.0"), older = tables_of(model, "4.49.0");
    CHECK(newer.encoder == encoder_table);
    CHECK(newer.decoder == decoder_table);
    CHECK(newer.head == shared_table);
    const bool reads_shared = std::string(model).find("bart") != std::string::npos;
    const std::string& one = reads_shared ? shared_table : decoder_table;
    CHECK(older.encoder == one);
    CHECK(older.decoder == one);
    CHECK(older.head == one);
  }
}

TEST_CASE("what the class of an encoder-decoder fixes, its config may not contradict") {
  for (const auto& [each, key] : {std::pair{"bart/lm", "normalize_before"},
                                  {"bart/lm", "add_final_layer_norm"},
                                  {"mbart/lm", "normalize_embedding"},
                                  {"marian/lm", "static_position_embeddings"}}) {
    const std::string name = each;
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    const bool fixed = std::string(name) != "bart/lm";
    folder.config[key] = fixed;
    CHECK_NOTHROW(folder.build());
    folder.config[key] = !fixed;
    CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains(key), Error);
  }
}

TEST_CASE("token vectors grow by sqrt(D) before positions come where the config scales them") {
  for (const auto& [each, scaled] : {std::pair{"bart/lm", true},
                                     {"bart/bare", false},
                                     {"transformer/lm", true},
                                     {"pegasus/lm", true},
                                     {"mbart/bare", false}}) {
    const std::string name = each;
    CAPTURE(name);
    for (const NodeSpec& node : tiny(name).build().spec.nodes) {
      if (node.kind != "embedding") continue;
      CHECK(node.attributes.number(name, "scale", 1) ==
            doctest::Approx(scaled ? std::sqrt(20.0) : 1.0));
    }
  }
}

TEST_CASE("BART's and mBART's positions begin two rows into their tables") {
  for (const char* name : {"bart/lm", "mbart/lm"}) {
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    const GraphSpec spec = folder.build().spec;
    for (const char* stack : {"encoder", "decoder"}) {
      CHECK(to_string(spec.encodings.at(stack).chain) == "learned:offset=2");
    }
    // The rows before them are read by nobody.
    Tensor& table = folder.tensors.at("model.encoder.embed_positions.weight");
    CHECK(table.shape()[0] == spec.context + 2);
    for (int64_t column = 0; column < table.shape()[1]; ++column) table.view()(0, column) += 9;
    CHECK(first_divergence(*folder.compile(), golden_of(name), 1e-4) == "");
  }
}

TEST_CASE("Marian's and Pegasus' sinusoids are halves, the paper's interleaved") {
  const auto positions = [](const char* name) {
    return to_string(tiny(name).build().spec.encodings.at("decoder").chain);
  };
  CHECK(positions("marian/lm") == "sinusoidal:layout=halves");
  CHECK(positions("pegasus/lm") == "sinusoidal:layout=halves");
  CHECK(positions("transformer/lm") == "sinusoidal");
}

TEST_CASE("UMT5 has a table for each layer, mT5 one for each stack") {
  CHECK(tiny("umt5/lm").build().spec.encodings.size() == 4);
  CHECK(tiny("mt5/lm").build().spec.encodings.size() == 2);
  const EncodingSpec second = tiny("umt5/lm").build().spec.encodings.at("decoder.1");
  CHECK(second.weights.at("table").name ==
        "decoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight");
}

TEST_CASE("tied logits are scaled in UMT5, and mT5's own head is not") {
  TinyFolder folder = tiny("mt5/lm");
  CHECK_FALSE(folder.build().spec.node("lm_head").attributes.contains("scale"));
  CHECK(tiny("umt5/lm").build().spec.node("lm_head").attributes.contains("scale"));
}

TEST_CASE("BART's decoder alone leaves what belongs to its encoder unread") {
  const auto model = Model::open(golden_path("models/bart/decoder"));
  CHECK(model->spec().task == "causal-lm");
  for (const std::string& name : model->graph()->weights_used()) {
    CHECK(name.find("encoder_attn") == std::string::npos);
  }
}

TEST_CASE("what BART's text begins with may be said the old way") {
  for (const char* key : {"forced_bos_token_id", "force_bos_token_to_be_generated"}) {
    CAPTURE(key);
    TinyFolder folder = tiny("bart/lm");
    folder.config.erase("forced_bos_token_id");
    folder.config["bos_token_id"] = 7;
    if (key == std::string("forced_bos_token_id")) {
      folder.config[key] = 7;
    } else {
      folder.config[key] = true;
    }
    const TemporaryFolder written;
    folder.save(written / "model");
    const ModelIds special = Model::open(written / "model")->special();
    CHECK(special.forced_bos == 7);
    CHECK(special.forced_eos == 2);
    CHECK(special.decoder_start == 2);
  }
}

TEST_CASE("a decoder without a start of its own begins with bos, as mBART's does") {
  TinyFolder folder = tiny("mbart/lm");
  folder.config.erase("decoder_start_token_id");
  folder.config["bos_token_id"] = 9;
  const TemporaryFolder written;
  folder.save(written / "model");
  CHECK(generation_settings(*Model::open(written / "model")).decoder_start == 9);
}

}  // namespace locus::tests
