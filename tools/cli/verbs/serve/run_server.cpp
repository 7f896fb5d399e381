#include <filesystem>

#include "pipelines/model_files.hpp"
#include "server/server.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/terminal.hpp"
#include "tools/cli/verbs/serve/serve.hpp"

namespace locus::cli {
namespace {

namespace fs = std::filesystem;

/// The folder's own name, also of a locus.json in it.
std::string name_of(const fs::path& model) {
  const fs::path folder = fs::is_regular_file(model) ? model.parent_path() : model;
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

/// `NAME=MODEL`, unless there is a model of that whole name.
ServedModel served_model(const ServeArguments& arguments, const std::string& text) {
  const auto equals = text.find('=');
  const bool named = equals != std::string::npos && !fs::exists(text);
  CommonOptions common = arguments.common;
  common.model = named ? text.substr(equals + 1) : text;
  const ModelPlace place = find_place(common.model);
  ServedModel served;
  served.name =
      named ? text.substr(0, equals) : name_of(place.folder.empty() ? place.model : place.folder);
  served.folder = place.folder;
  served.open = [common, place](const std::string& encoding) {
    if (encoding.empty()) return open_model(common);
    CommonOptions other = common;
    other.encoding = encoding;
    return Model::open(place.model, model_options(other));
  };
  return served;
}

ServerOptions server_options(const ServeArguments& arguments) {
  ServerOptions options;
  options.host = arguments.host;
  options.port = static_cast<int>(arguments.port);
  options.api_key = arguments.api_key.value_or("");
  options.threads = static_cast<int>(arguments.common.threads.value_or(0));
  options.connections = arguments.connections;
  options.queue = arguments.queue;
  options.max_body = arguments.max_body << 20;
  options.max_tokens = arguments.max_tokens;
  options.timeout = arguments.timeout;
  options.encodings = arguments.encodings;
  return options;
}

std::string url_of(const std::string& host, int port) {
  const bool six = host.find(':') != std::string::npos;
  return "http://" + (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

void announce(const ServeArguments& arguments, const std::vector<std::string>& names, int port) {
  const std::string url = url_of(arguments.host, port);
  if (arguments.common.json) {
    print(Json{{"url", url}, {"models", names}}.dump() + "\n");
  } else {
    print(url + " serves " + listed(names) + "\n");
  }
}

}  // namespace

void run_server(const ServeArguments& arguments) {
  std::vector<ServedModel> models;
  std::vector<std::string> names;
  for (const std::string& text : arguments.models) {
    models.push_back(served_model(arguments, text));
    names.push_back(models.back().name);
  }
  Server server(std::move(models), server_options(arguments));
  const OrderlyEnd end([&] { server.drain(); });
  announce(arguments, names, server.port());
  server.run();
}

}  // namespace locus::cli
