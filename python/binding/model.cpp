// A model: opening, texts and ids, what its head answers.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <atomic>

#include "base/error.hpp"
#include "engine/options.hpp"
#include "pipelines/trace.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/engine.hpp"
#include "python/binding/matrices.hpp"
#include "python/binding/places.hpp"
#include "python/binding/progress.hpp"
#include "python/binding/schemes.hpp"
#include "python/binding/scores.hpp"

namespace locus::python {
namespace {

using namespace nb::literals;
using Texts = std::vector<std::string>;

constexpr int max_threads = 1024;  // of a session

/// How a model is opened.
struct OpenSettings {
  std::string precision = "f32";
  std::string encoding;
  int threads = 0;
  int64_t capacity = 0;
  std::vector<OwnScheme> schemes = {};
};

Pipeline open_pipeline(const ModelPlace& place, const ModelOptions& options) {
  return Pipeline(Model::open(place.model, options), 1, place.folder);
}

Engine open(const std::string& path, const OpenSettings& settings, const nb::object& progress) {
  if (settings.threads < 0 || settings.threads > max_threads) {
    throw Error("threads", "0 to " + std::to_string(max_threads), std::to_string(settings.threads));
  }
  std::atomic<bool> stopped = false;
  ModelOptions options;
  options.schemes = schemes_of(settings.schemes);
  options.precision = parse_precision(settings.precision);
  options.encoding = settings.encoding;
  options.capacity = settings.capacity;
  options.threads = settings.threads;
  options.progress = [&, tell = progress_of(progress)](int64_t done, int64_t total) {
    if (stopped) throw Error::cancellation();
    if (tell) tell(done, total);
  };
  const ModelPlace place = place_of(path);
  std::optional<Pipeline> pipeline;
  Runner runner;
  run_watched(
      runner, [&] { pipeline = open_pipeline(place, options); }, [&] { stopped = true; });
  return {std::make_shared<Workers>(std::move(*pipeline), settings.threads), place.folder.string()};
}

nb::dict describe(const Engine& engine) {
  const Model& model = engine.workers->model();
  const Graph& graph = *model.graph();
  nb::dict found;
  found["folder"] = engine.folder;
  found["family"] = model.spec().family;
  found["task"] = model.spec().task;
  found["encodings"] = model.encodings();
  found["precision"] = std::string(to_string(used_precision(model)));
  found["asked_precision"] = std::string(to_string(graph.options().precision));
  found["parameters"] = graph.parameters();
  found["context"] = model.spec().context;
  found["vocabulary"] = graph.vocabulary();
  found["causal"] = graph.causal();
  found["untrained"] = graph.untrained();
  found["labels"] = model.labels();
  return found;
}

nb::tuple tokenize(Engine& engine, const std::string& text, bool special) {
  const Lease lease(*engine.workers);
  EncodedText encoded = run_here([&](const auto& check) {
    const EncodeOptions options{.special = special, .max_length = {}, .check = check};
    return lease->pipeline.tokenizer(check).encode(text, options);
  });
  import_arrays();
  return nb::make_tuple(encoded.tokens, offsets_of(encoded.offsets),
                        array_of(std::move(encoded.ids)));
}

std::string decode(Engine& engine, const std::vector<int32_t>& ids, bool skip_special) {
  const Lease lease(*engine.workers);
  return run_here([&](const auto& check) {
    return lease->pipeline.tokenizer(check).decode(ids,
                                                   {.skip_special = skip_special, .check = check});
  });
}

nb::dict embed(Engine& engine, const Texts& texts, const EmbedOptions& options) {
  auto embeddings =
      engine.workers->run([&](Pipeline& pipeline) { return pipeline.embed(texts, options); });
  import_arrays();
  std::vector<float> values;
  std::vector<int64_t> rows;
  size_t width = 0;
  for (const Embedding& vectors : embeddings.vectors) {
    width = static_cast<size_t>(vectors.width);
    values.insert(values.end(), vectors.values.begin(), vectors.values.end());
    rows.push_back(static_cast<int64_t>(vectors.values.size() / width));
  }
  nb::dict found;
  const size_t count = values.size() / std::max<size_t>(1, width);
  found["values"] = array_of(std::move(values), {count, width});
  found["rows"] = rows;
  found["cut_tokens"] = embeddings.cut_tokens;
  found["by_token"] = embeddings.by_token;
  return found;
}

nb::list fill_mask(Engine& engine, const std::string& text, int64_t top) {
  nb::list gaps;
  for (const auto& gap :
       engine.workers->run([&](Pipeline& pipeline) { return pipeline.fill_mask(text, top); })) {
    nb::list candidates;
    for (const auto& [id, token, probability] : gap.tokens) {
      candidates.append(nb::make_tuple(id, token, probability));
    }
    gaps.append(candidates);
  }
  return gaps;
}

nb::list classify(Engine& engine, const std::string& text, const std::string& pair) {
  nb::list labels;
  for (const auto& [id, label, value] :
       engine.workers->run([&](Pipeline& pipeline) { return pipeline.classify(text, pair); })) {
    labels.append(nb::make_tuple(id, label, value));
  }
  return labels;
}

nb::list tag(Engine& engine, const std::string& text, const std::string& aggregation) {
  const Aggregation how = parse_aggregation(aggregation);
  nb::list names;
  for (const TaggedText& name :
       engine.workers->run([&](Pipeline& pipeline) { return pipeline.tag(text, how); })) {
    names.append(
        nb::make_tuple(name.label, name.text, name.bytes.begin, name.bytes.end, name.probability));
  }
  return names;
}

nb::list answer(Engine& engine, const std::string& question, const std::string& context,
                int64_t top) {
  AnswerSettings settings;
  settings.top = top;
  nb::list answers;
  for (const TextAnswer& found :
       engine.workers
           ->run([&](Pipeline& pipeline) { return pipeline.answer(question, context, settings); })
           .best) {
    answers.append(nb::make_tuple(found.text, found.bytes.begin, found.bytes.end, found.score,
                                  found.probability));
  }
  return answers;
}

nb::list rerank(Engine& engine, const std::string& query, const Texts& documents) {
  nb::list ranking;
  for (const auto& [index, score] :
       engine.workers->run([&](Pipeline& pipeline) { return pipeline.rerank(query, documents); })) {
    ranking.append(nb::make_tuple(index, score));
  }
  return ranking;
}

/// The engine's own session keeps nothing of its nodes.
Tensors traced(Pipeline& pipeline, Session& session, const std::string& text) {
  TraceInput input;
  input.model = read_text(pipeline.model(), pipeline.tokenizer(), {text});
  input.decoder_ids = default_decoder_ids(pipeline.model(), input.model.ids);
  return run_trace(pipeline.model(), session, input);
}

nb::dict trace(Engine& engine, const std::string& text, int threads) {
  const Lease lease(*engine.workers);
  Pipeline& pipeline = lease->pipeline;
  Session session(pipeline.model().graph(), {.threads = threads, .trace = true});
  Tensors tensors;
  run_watched(
      lease->runner, [&] { tensors = traced(pipeline, session, text); }, [&] { session.cancel(); });
  import_arrays();
  nb::dict found;
  for (auto& [name, tensor] : tensors) found[name.c_str()] = array_of(std::move(tensor));
  return found;
}

nb::list encodings(Engine& engine, int64_t length) {
  nb::list found;
  for (const PositionSubject& subject : subjects_of_model(engine.workers->model(), length)) {
    found.append(matrices_dict(subject));
  }
  return found;
}

void bind_settings(nb::module_& module) {
  nb::class_<OpenSettings>(module, "OpenSettings")
      .def(nb::init<>())
      .def_rw("precision", &OpenSettings::precision)
      .def_rw("encoding", &OpenSettings::encoding)
      .def_rw("threads", &OpenSettings::threads)
      .def_rw("capacity", &OpenSettings::capacity)
      .def_rw("schemes", &OpenSettings::schemes);
  nb::class_<EmbedOptions>(module, "EmbedOptions")
      .def(nb::init<>())
      .def_rw("normalize", &EmbedOptions::normalize)
      .def_rw("prompt", &EmbedOptions::prompt)
      .def_rw("prompt_text", &EmbedOptions::prompt_text)
      .def_rw("dimension", &EmbedOptions::dimension)
      .def("set_pooling", [](EmbedOptions& options, const std::string& name) {
        options.pooling = parse_pooling(name);
      });
  nb::class_<EvaluateOptions>(module, "EvaluateOptions")
      .def(nb::init<>())
      .def_rw("task", &EvaluateOptions::task)
      .def_rw("context", &EvaluateOptions::context)
      .def_rw("stride", &EvaluateOptions::stride)
      .def_rw("sample", &EvaluateOptions::sample)
      .def_rw("seed", &EvaluateOptions::seed)
      .def("set_convention", [](EvaluateOptions& options, const std::string& name) {
        options.convention = parse_convention(name);
      });
}

}  // namespace

void bind_model(nb::module_& module) {
  bind_settings(module);
  nb::class_<Engine>(module, "Engine")
      .def("describe", describe)
      .def("close", [](Engine& engine) { engine.workers->close(); })
      .def("closed", [](const Engine& engine) { return engine.workers->closed(); })
      .def("tokenize", tokenize, "text"_a, "special"_a, as_call)
      .def("decode", decode, "ids"_a, "skip_special"_a, as_call)
      .def("embed", embed, "texts"_a, "options"_a, as_call)
      .def("fill_mask", fill_mask, "text"_a, "top"_a, as_call)
      .def("classify", classify, "text"_a, "pair"_a, as_call)
      .def("tag", tag, "text"_a, "aggregation"_a, as_call)
      .def("answer", answer, "question"_a, "context"_a, "top"_a, as_call)
      .def("rerank", rerank, "query"_a, "documents"_a, as_call)
      .def("score", score, "text"_a, "options"_a, "progress"_a.none(), as_call)
      .def("score_all", score_all, "texts"_a, "options"_a, "progress"_a.none(), as_call)
      .def("trace", trace, "text"_a, "threads"_a, as_call)
      .def("encodings", encodings, "length"_a, as_call);
  module.def("open", open, "path"_a, "settings"_a, "progress"_a.none(), as_call);
  module.def("named_models", [] {
    nb::dict found;
    for (const auto& [name, folder] : named_models()) found[name.c_str()] = folder.string();
    return found;
  });
  module.def(
      "find_model", [](const std::string& name) { return place_of(name).model.string(); },
      "name"_a);
}

}  // namespace locus::python
