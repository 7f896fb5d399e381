#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/json/json_text.hpp"
#include "pipelines/model_input.hpp"
#include "server/api/base64.hpp"
#include "server/jobs/embed_job.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {
namespace {

constexpr size_t max_inputs = 2048;  // as OpenAI's

/// How vectors are written.
enum class Format { floats, base64 };

Format format_of(const JsonPlace& body) {
  const std::string name = text_field(body, "encoding_format").value_or("float");
  if (name != "float" && name != "base64") {
    throw Error("body.encoding_format", "float or base64", "'" + name + "'");
  }
  return name == "base64" ? Format::base64 : Format::floats;
}

EmbedOptions embed_options(const JsonPlace& body) {
  EmbedOptions options;
  options.dimension = integer_field(body, "dimensions", {1, 1 << 20});
  options.prompt = text_field(body, "prompt");
  options.normalize = body.flag("normalize", false);
  return options;
}

void check_inputs(const Service& service, const Engine& engine, const Call& call,
                  const std::vector<Prompt>& inputs) {
  if (inputs.size() > max_inputs) {
    throw Error("body.input", "at most " + std::to_string(max_inputs) + " inputs",
                std::to_string(inputs.size()));
  }
  int64_t tokens = 0;
  std::vector<std::string> texts;
  for (const Prompt& input : inputs) {
    if (const auto* text = std::get_if<std::string>(&input)) {
      check_text("input", *text);
      engine.tokenizer();
      texts.push_back(*text);
    } else {
      const Ids& ids = std::get<PromptIds>(input);
      check_sequence(engine.model(), "input", ids);
      tokens += static_cast<int64_t>(ids.size());
    }
  }
  check_tokens(service, tokens);
  check_texts(service, engine, call, texts);
}

void append_floats(std::string& text, const std::vector<float>& values) {
  detail::append_list(text, values, [&](float value) {
    if (!std::isfinite(value)) {
      text += "null";
      return;
    }
    std::array<char, 32> digits;
    text.append(digits.data(),
                std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  });
}

// Little-endian, as every machine that this runs on.
void append_base64(std::string& text, const std::vector<float>& values) {
  static_assert(std::endian::native == std::endian::little);
  text += '"';
  text += base64_of(std::as_bytes(std::span(values)));
  text += '"';
}

std::string embeddings_text(const EmbedJob& job, const Engine& engine, Format format) {
  std::string text = R"({"object":"list","data":[)";
  for (size_t i = 0; i < job.vectors().size(); ++i) {
    text += std::string(i > 0 ? "," : "") + R"({"object":"embedding","index":)";
    detail::append_number(text, i);
    text += R"(,"embedding":)";
    const auto& values = job.vectors()[i].values;
    format == Format::base64 ? append_base64(text, values) : append_floats(text, values);
    text += '}';
  }
  text += R"(],"model":)";
  detail::append_json(text, engine.name());
  if (engine.model().graph()->untrained()) text += R"(,"untrained":true)";
  const std::string tokens = std::to_string(job.read_tokens());
  return text + R"(,"usage":{"prompt_tokens":)" + tokens + R"(,"total_tokens":)" + tokens + "}}";
}

}  // namespace

Reply embeddings(const Service& service, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(
      body, {"model", "encoding", "input", "encoding_format", "dimensions", "prompt", "normalize"});
  const auto engine = engine_of(service, call);
  const Format format = format_of(body);
  const EmbedOptions options = embed_options(body);
  std::vector<Prompt> inputs = prompts_of(body.at("input"));
  check_inputs(service, *engine, call, inputs);
  const auto job = std::make_shared<EmbedJob>(std::move(inputs), options);
  engine->answers().run(job, call);
  service.metrics.count_tokens(job->read_tokens(), 0);
  return {embeddings_text(*job, *engine, format)};
}

}  // namespace locus::server
