#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/json/json.hpp"
#include "base/read_file.hpp"
#include "models/checkpoint.hpp"
#include "tools/cli/verbs/doctor/doctor.hpp"

namespace locus::cli {
namespace {

using Keys = std::vector<std::string>;

// What configs call the same thing.
const Keys activation_keys{"hidden_act",
                           "activation_function",
                           "hidden_activation",
                           "feed_forward_proj",
                           "dense_act_fn",
                           "activation",
                           "afn",
                           "activation_func"};
const Keys epsilon_keys{"layer_norm_eps", "layer_norm_epsilon", "rms_norm_eps", "norm_eps",
                        "norm_epsilon"};
const Keys head_keys{"num_attention_heads", "n_head", "num_heads", "n_heads",
                     "encoder_attention_heads"};
const Keys decoder_head_keys{"decoder_attention_heads", "num_attention_heads", "num_heads"};
const Keys context_keys{
    "max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length",
    "max_sequence_length"};
const std::map<std::string, Keys> encoding_keys{
    {"rope",
     {"rope_theta", "rotary_emb_base", "rotary_pct", "rotary_dim", "rope_scaling", "rotary_value",
      "global_rope_theta"}},
    {"learned", {"position_embedding_type", "max_position_embeddings", "n_positions"}},
    {"relative_key", {"position_embedding_type"}},
    {"relative_key_query", {"position_embedding_type"}},
    {"sinusoidal", {"sinusoidal_pos_embds", "static_position_embeddings"}},
    {"t5", {"relative_attention_num_buckets", "relative_attention_max_distance"}},
    {"nezha", {"max_relative_position"}},
    {"disentangled", {"relative_attention", "pos_att_type", "position_buckets"}},
    {"alibi", {"alibi", "attn_config"}},
};

/// `config.json`, or what TensorFlow checkpoints have; empty for a model of locus.json.
std::string config_name_of(const Model& model) {
  for (const char* name : {"config.json", "bert_config.json"}) {
    if (model.files().contains(name)) return name;
  }
  return {};
}

/// Collects what was read, and who says so.
class FindingList {
 public:
  explicit FindingList(const Model& model) : model_(model), config_(config_name_of(model)) {}

  void add(const std::string& what, const std::string& value, const std::string& source) {
    findings_.push_back({what, value, source, false});
  }
  /// Of one of these keys of the config; assumed where it has none of them.
  void add_keys(const std::string& what, const std::string& value, const Keys& keys) {
    if (!says(what, value, keys)) {
      findings_.push_back({what, value, model_.spec().family + " models", true});
    }
  }
  /// Notes what the names of weights tell where the config says nothing.
  void add_told(const std::string& what, const std::string& value, const Keys& keys) {
    if (!says(what, value, keys)) {
      findings_.push_back({what, value, "a guess from the names of weights", true});
    }
  }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  bool says(const std::string& what, const std::string& value, const Keys& keys) {
    if (config_.empty()) {
      add(what, value, "locus.json");
      return true;
    }
    for (const std::string& key : keys) {
      if (value_in(model_, config_, key).is_null()) continue;
      add(what, value, key);
      return true;
    }
    return false;
  }

  const Model& model_;
  std::string config_;  ///< the file's name; empty: all is said by locus.json
  std::vector<Finding> findings_;
};

std::string joined(const std::set<std::string>& values) {
  return listed({values.begin(), values.end()});
}

std::set<std::string> attribute_texts(const GraphSpec& spec, const std::string& kind,
                                      const std::string& name) {
  std::set<std::string> texts;
  for (const NodeSpec& node : spec.nodes) {
    const auto found = node.attributes.values().find(name);
    if (node.kind != kind || found == node.attributes.values().end()) continue;
    texts.insert(to_string(found->second));
  }
  return texts;
}

std::string attention_text(const NodeSpec& node) {
  const Attributes& attributes = node.attributes;
  const int64_t heads = attributes.integer(node.name, "heads");
  const int64_t size = attributes.integer(node.name, "head_size");
  const int64_t kv_heads = attributes.integer(node.name, "kv_heads", heads);
  const double default_scale = 1 / std::sqrt(static_cast<double>(size));
  const double scale = attributes.number(node.name, "scale", default_scale);
  std::string text = std::to_string(heads) + " heads of " + std::to_string(size);
  if (kv_heads != heads) text += ", " + std::to_string(kv_heads) + " of keys";
  text += std::abs(scale - default_scale) < 1e-6 ? ", scores by 1/sqrt(d)"
                                                 : ", scores times " + significant(scale, 6);
  return text + ", sees " + attributes.text(node.name, "visibility", "all");
}

/// Which stack an attention is of, and what it reads.
struct AttentionRow {
  std::string what, value;
  bool operator==(const AttentionRow&) const = default;
};

/// One for each stack and way, in order of computation.
std::vector<AttentionRow> attention_rows(const GraphSpec& spec) {
  const auto encoder_end = spec.outputs.find("encoder_last_hidden_state");
  const bool two_stacks = encoder_end != spec.outputs.end();
  std::string stack = two_stacks ? ", encoder" : "";
  std::vector<AttentionRow> rows;
  for (const NodeSpec& node : spec.nodes) {
    if (two_stacks && node.name == encoder_end->second) stack = ", decoder";
    if (node.kind != "attention") continue;
    const bool across = node.inputs.size() > 1;
    const AttentionRow row{"attention" + (across ? ", decoder to encoder" : stack),
                           attention_text(node)};
    if (std::ranges::find(rows, row) == rows.end()) rows.push_back(row);
  }
  return rows;
}

/// Whether the layer that makes logits reads the table of token vectors.
std::string head_text(const GraphSpec& spec) {
  const auto logits = spec.outputs.find("logits");
  if (logits == spec.outputs.end()) return "none";
  const NodeSpec& head = spec.node(logits->second);
  const auto weight = head.weights.find("weight");
  if (weight == head.weights.end()) return "none";
  for (const NodeSpec& node : spec.nodes) {
    const auto table = node.weights.find("table");
    if (node.kind != "embedding" || table == node.weights.end()) continue;
    if (table->second.name == weight->second.name) return "the table of token vectors";
  }
  return weight->second.name;
}

std::string weights_text(const Model& model) {
  const Weights weights = stored_weights(model);
  std::map<std::string, int64_t> values;
  for (const std::string& name : weights.names()) {
    const StoredTensor& tensor = weights.at(name);
    values[std::string(to_string(tensor.type))] += element_count(tensor.shape);
  }
  std::string text;
  for (const auto& [type, count] : values) {
    text += (text.empty() ? "" : ", ") + grouped(count) + " " + type;
  }
  return text;
}

std::string context_finding(const GraphSpec& spec) {
  std::string text = spec.context > 0 ? grouped(spec.context) + " tokens" : "no limit";
  if (spec.trained_context > 0) text += ", trained on " + grouped(spec.trained_context);
  return text;
}

std::string special_text(const Tokenizer& tokenizer) {
  const SpecialIds& ids = tokenizer.special_ids();
  std::string text;
  const auto add = [&](const char* name, const std::optional<int32_t>& id) {
    if (!id) return;
    text += (text.empty() ? "" : ", ") + std::string(name) + " " + tokenizer.token(*id) + " " +
            std::to_string(*id);
  };
  add("bos", ids.bos);
  add("eos", ids.eos);
  add("pad", ids.pad);
  add("unknown", ids.unknown);
  add("mask", ids.mask);
  add("cls", ids.cls);
  add("separator", ids.separator);
  return text.empty() ? "none" : text;
}

void add_encodings(const Model& model, FindingList& list) {
  for (const std::string& text : model.encodings()) {
    const auto keys = encoding_keys.find(text.substr(0, text.find_first_of(":+")));
    list.add_keys("encoding", text, keys == encoding_keys.end() ? Keys{} : keys->second);
  }
}

}  // namespace

Json value_in(const Model& model, const std::string& file, const std::string& key) {
  const auto path = model.folder() / file;
  if (!std::filesystem::exists(path)) return {};
  const auto document = detail::parse_json(path.string(), locus::read_file(path));
  const bool has = document.is_object() && document.contains(key);
  return has ? Json(document[key]) : Json();
}

std::vector<Finding> findings_of(const Model& model, const Tokenizer* tokenizer) {
  const GraphSpec& spec = model.spec();
  FindingList list(model);
  list.add_told("family", spec.family, {"model_type"});
  list.add_keys("task", spec.task, {"architectures"});
  list.add("weights", weights_text(model), "its file");
  add_encodings(model, list);
  for (const AttentionRow& row : attention_rows(spec)) {
    const bool decoder = row.what.find("decoder") != std::string::npos;
    list.add_keys(row.what, row.value, decoder ? decoder_head_keys : head_keys);
  }
  list.add_keys("activation", joined(attribute_texts(spec, "feed_forward", "activation")),
                activation_keys);
  list.add_keys("norm",
                joined(attribute_texts(spec, "norm", "kind")) + ", epsilon " +
                    joined(attribute_texts(spec, "norm", "epsilon")),
                epsilon_keys);
  const auto scales = attribute_texts(spec, "embedding", "scale");
  if (!scales.empty()) {
    list.add_keys("token vectors", "times " + joined(scales), {"scale_embedding"});
  }
  list.add_keys("head", head_text(spec), {"tie_word_embeddings"});
  list.add_keys("context", context_finding(spec), context_keys);
  if (tokenizer) {
    list.add("tokenizer", tokenizer->description(), "its files");
    list.add("special tokens", special_text(*tokenizer), "its files");
  }
  return list.take();
}

}  // namespace locus::cli
