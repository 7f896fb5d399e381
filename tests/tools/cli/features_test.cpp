// Images and features on the command line.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "base/read_file.hpp"
#include "engine/weights.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/output/npy.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

std::string image_file(const std::string& name) {
  return source_path("tests/goldens/images/" + name).string();
}

json image_cases() { return json::parse(read_file(image_file("cases.json"))); }

/// A copy of a tiny Swin with a processor of its own and names of its classes.
std::string model_of_images(const TemporaryFolder& folder,
                            const std::string& name = "swin/images") {
  std::string model = folder / name;
  std::filesystem::create_directories(model);
  std::filesystem::copy(golden_model(name), model);
  std::ofstream(model + "/preprocessor_config.json") << image_cases()["classified"]["config"];
  json config = json::parse(read_file(model + "/config.json"));
  if (config.contains("id2label")) config["id2label"]["2"] = "a tabby cat";
  std::ofstream(model + "/config.json") << config.dump();
  return model;
}

void check_refused(const std::vector<std::string>& arguments, const std::string& line) {
  CAPTURE(line);
  const CommandResult result = run(arguments);
  CHECK(result.status == 1);
  CHECK(result.out.empty());
  CHECK(result.err == "locus: " + line + "\n");
}

/// Three rows of thirteen features.
std::vector<float> frames() {
  std::vector<float> values;
  values.reserve(39);
  for (int i = 0; i < 39; ++i) values.push_back(0.25f * static_cast<float>(i % 7) - 0.5f);
  return values;
}

std::string npy(const std::string& header, const std::string& data = "", char version = 1) {
  std::string content = "\x93NUMPY";
  content += {version, '\0', static_cast<char>(header.size() & 255),
              static_cast<char>(header.size() >> 8)};
  if (version > 1) content += std::string(2, '\0');
  return content + header + data;
}

}  // namespace

TEST_CASE("classify and run say of an image what transformers says of it") {
  const TemporaryFolder folder;
  const std::string model = model_of_images(folder);
  const json expected = image_cases()["classified"];
  const std::string file = image_file(expected["file"]);
  const json found = run({"classify", model, "--image", file, "--json"}).json();
  CHECK(found["task"] == "image-classification");
  REQUIRE(found["labels"].size() == 4);
  double last = 1;
  for (const json& label : found["labels"]) {
    const auto id = label["id"].get<size_t>();
    const double probability = label["probability"].get<double>();
    CHECK(probability ==
          doctest::Approx(expected["probabilities"][id].get<double>()).epsilon(1e-4));
    CHECK(label["label"] == (id == 2 ? "a tabby cat" : "LABEL_" + std::to_string(id)));
    CHECK(probability <= last);
    last = probability;
  }
  CHECK(run({"run", model, "--image", file, "--json"}).json() == found);
  CHECK(run({"classify", model, "--image", file}).out.find("a tabby cat") != std::string::npos);
}

TEST_CASE("a trace of an image has the reference's names and shapes, and its own pixel values") {
  const TemporaryFolder folder;
  const std::string model = model_of_images(folder), out = folder / "trace.safetensors";
  CHECK(run({"trace", model, "--image", image_file("colour.png"), "--out", out}).status == 0);
  const Weights trace = open_safetensors(out);
  CHECK(trace.at("pixel_values").shape == Shape{int64_t{24} * 26, 3});
  CHECK(trace.at("last_hidden_state").shape == Shape{int64_t{4} * 5, 10});
  CHECK(trace.at("pooler_output").shape == Shape{10});
  CHECK(trace.at("logits").shape == Shape{4});
}

TEST_CASE("an array of pixels is an image that needs no processor") {
  const TemporaryFolder folder;
  const Weights stored = open_safetensors(golden_model("swin/images") + "/golden.safetensors");
  const Tensor pixels = stored.f32("features");
  const auto count = static_cast<size_t>(21 * 15 * 3);
  cli::write_npy(folder / "pixels.npy", {21, 15, 3}, pixels.values().first(count));
  const json trace =
      run({"trace", golden_model("swin/images"), "--features", folder / "pixels.npy", "--json"})
          .json();
  const Tensor expected = stored.f32("node/classifier");  // the first row is the first image's
  for (size_t i = 0; i < 4; ++i) {
    CHECK(trace["tensors"]["logits"]["values"][i].get<double>() ==
          doctest::Approx(expected.values()[i]).epsilon(1e-3));
  }
}

TEST_CASE("features come from NumPy and JSON files alike, whatever their type and order") {
  const TemporaryFolder folder;
  const std::string model = golden_model("feature-encoder/bare");
  const std::vector<float> values = frames();
  cli::write_npy(folder / "f.npy", {3, 13}, values);
  json rows = json::array();
  for (int64_t row = 0; row < 3; ++row) {
    rows.push_back(std::vector<float>(values.begin() + row * 13, values.begin() + row * 13 + 13));
  }
  folder.write("f.json", rows.dump());
  std::string doubles;
  for (size_t column = 0; column < 13; ++column) {
    for (size_t row = 0; row < 3; ++row) {
      const double value = values[row * 13 + column];
      doubles.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }
  folder.write("d.npy",
               npy("{\"descr\": '<f8', 'shape':(3,13), 'fortran_order': True}", doubles, 3));
  const json first = run({"trace", model, "--features", folder / "f.npy", "--json"}).json();
  CHECK(first["tensors"]["last_hidden_state"]["shape"] == json({3, 10}));
  CHECK_FALSE(first.contains("ids"));
  CHECK(run({"trace", model, "--features", folder / "f.json", "--json"}).json() == first);
  CHECK(run({"trace", model, "--features", folder / "d.npy", "--json"}).json() == first);
  const CommandResult swapped =
      run({"trace", model, "--features", folder / "f.npy", "--encoding", "alibi", "--json"});
  CHECK(swapped.json()["tensors"]["last_hidden_state"] != first["tensors"]["last_hidden_state"]);
}

TEST_CASE("whole numbers and halves are read as they are") {
  const TemporaryFolder folder;
  const auto second = [&](const std::string& type, const std::string& data) {
    const Tensor tensor = cli::read_npy(folder.write(
        "a.npy", npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': (2,), }", data)));
    return tensor.values()[1];
  };
  CHECK(second("|u1", "\x01\xff") == 255);
  CHECK(second("|i1", "\x01\xff") == -1);
  CHECK(second("<i2", std::string("\x01\x00\xff\xff", 4)) == -1);
  CHECK(second("<u2", std::string("\x01\x00\xff\xff", 4)) == 65535);
  CHECK(second("<f2", std::string("\x00\x3c\x00\xc0", 4)) == -2);
  CHECK(second("<i8", std::string(8, '\0') + "\xfe" + std::string(7, '\xff')) == -2);
}

TEST_CASE(
    "headers of NumPy files that lie are refused in a line, without memory for what they claim") {
  const TemporaryFolder folder;
  const auto check = [&](const std::string& content, const std::string& found) {
    const std::string file = folder.write("bad.npy", content);
    check_refused({"trace", golden_model("feature-encoder/bare"), "--features", file},
                  file + ": " + found);
  };
  const auto shaped = [](const std::string& shape) {
    return npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }", "12345678");
  };
  check("PK", "expected a NumPy array file, found another file");
  check(npy("{}", "", 9), "expected a NumPy array file, found version 9");
  check(shaped("(9223372036854775807, 9223372036854775807)"),
        "expected a NumPy array file, found 8 bytes of values");
  check(shaped("(1000000000, 13)"), "expected a NumPy array file, found 8 bytes of values");
  check(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 2), }", "12345678"),
        "expected a NumPy array file, found values of type >f4");
  check(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2), }"),
        "expected a NumPy array file, found the header {'descr': [('a', '<f4')], "
        "'fortran_order': False, 'shape': (1, 2), }");
  check(shaped("(1, 1, 1, 1, 1, 1, 1, 1, 1)").substr(0, 70),
        "expected a NumPy array file, found a header that is cut off");
  const std::string long_header = std::string("\x93NUMPY\x02\x00\xff\xff\xff\x7f", 12) + "{";
  check(long_header, "expected a NumPy array file, found a header of 2147483647 bytes");
  CHECK(run({"trace", golden_model("feature-encoder/bare"), "--features",
             folder.write("huge.npy", shaped("(4611686018427387904, 4611686018427387904)"))})
            .status == 1);
  CHECK(run({"trace", golden_model("feature-encoder/bare"), "--features",
             folder.write("deep.npy", shaped("(1, 1, 1, 1, 1, 1, 1, 1, 1)"))})
            .status == 1);
}

TEST_CASE("features of another width, of no rows, and values that are no numbers are refused") {
  const TemporaryFolder folder;
  const std::string model = golden_model("feature-encoder/bare");
  const auto check = [&](const std::string& name, const std::string& found) {
    const std::string file = folder / name;
    check_refused({"trace", model, "--features", file}, file + ": " + found);
  };
  cli::write_npy(folder / "wide.npy", {2, 14}, std::vector<float>(28));
  check("wide.npy", "expected [rows, 13] features, found [2, 14]");
  cli::write_npy(folder / "none.npy", {0, 13}, {});
  check("none.npy", "expected [rows, 13] features, found [0, 13]");
  std::vector<float> values = frames();
  values[20] = NAN;
  cli::write_npy(folder / "nan.npy", {3, 13}, values);
  check("nan.npy", "expected finite values, found nan in row 1");
  folder.write("ragged.json", "[[1, 2], [3]]");
  check("ragged.json", "expected lists of numbers, all of one length, found others");
  folder.write("words.json", "[[\"a\"]]");
  check("words.json", "expected lists of numbers, all of one length, found others");
  folder.write("deep.json", "[[[[1]]]]");
  check("deep.json", "expected lists of numbers, all of one length, found others");
  folder.write("flat.json", "[1, 2, 3]");
  check("flat.json", "expected [rows, 13] features, found [3]");
  folder.write("object.json", "{}");
  folder.write("endless.json", std::string(100'000, '['));
  check("endless.json", "expected JSON of at most 64 levels, found more");
  check("/dev/zero", "expected a file, a pipe or a terminal, found a device");
  check("object.json", "expected a NumPy file (.npy) or a list in JSON, found another file");
}

TEST_CASE("an image for a model of text, a text for a model of images: one line each") {
  const TemporaryFolder folder;
  const std::string swin = model_of_images(folder), bert = golden_model("bert/sequence"),
                    frames = golden_model("feature-encoder/bare"), image = image_file("colour.png");
  check_refused({"classify", bert, "--image", image},
                "--image: expected a model that reads images (--image), found a bert model, which "
                "reads text");
  check_refused(
      {"trace", bert, "--features", image},
      "--features: expected a model that reads features (--features), found a bert model, "
      "which reads text");
  const std::string no_text =
      "text: expected a model that reads text, found a swin model, which reads images (--image)";
  check_refused({"classify", swin, "a cat"}, no_text);
  check_refused({"run", swin, "a cat"}, no_text);
  check_refused({"embed", swin, "a cat"}, no_text);
  check_refused({"trace", swin, "--text", "a cat"}, no_text);
  check_refused({"trace", swin, "--ids", "1,2"},
                "--ids: expected a model that reads text, found a swin model, which reads images "
                "(--image)");
  check_refused({"trace", frames, "--image", image},
                "--image: expected a model that reads images (--image), found a feature_encoder "
                "model, which reads features (--features)");
  CHECK(run({"classify", swin, "a cat", "--image", image}).status == 2);
  for (const char* verb : {"run", "classify", "trace"}) {
    CHECK(run({verb, swin}).status == 2);
  }
  const auto headless = run({"run", golden_model("swin/bare"), "--image", image});
  CHECK(headless.status == 1);
  CHECK(headless.err.find("expected a model that classifies images") != std::string::npos);
}

TEST_CASE("files that are no images, and folders without a processor, are named") {
  const TemporaryFolder folder;
  const std::string swin = model_of_images(folder), text = folder.write("a.png", "no image");
  check_refused({"classify", swin, "--image", text},
                text + ": expected a PNG, JPEG or PNM image, found another file");
  const std::string whole = read_file(image_file("colour.png"));
  const std::string part = folder.write("part.png", whole.substr(0, 500));
  check_refused({"classify", swin, "--image", part},
                part + ": expected a whole PNG image, found the file is cut off");
  const std::string absent = folder / "absent.png";
  check_refused({"classify", swin, "--image", absent},
                absent + ": expected an image file that can be read, found none");
  check_refused({"classify", golden_model("swin/images"), "--image", image_file("colour.png")},
                golden_model("swin/images") + ": expected a preprocessor_config.json, found none");
  const std::string grey = model_of_images(folder, "swin/absolute");
  check_refused({"trace", grey, "--image", image_file("grey.png")},
                "image: expected a model of 3 colours, found 1");
}

TEST_CASE("verbs that do not know images refuse such a model in one line") {
  const TemporaryFolder folder;
  const std::string swin = model_of_images(folder);
  CHECK(run({"inspect", swin, "--json"}).json()["encoding"] == json({"window:size=4"}));
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"generate", swin, "a"},
           {"fill-mask", swin, "a"},
           {"tag", swin, "a"},
           {"perplexity", swin, "--text", image_file("cases.json")},
           {"bench", swin, "--lengths", "4", "--repeat", "1"},
           {"embed", swin, "a"},
           {"ablate", swin, "--text", image_file("cases.json"), "--change", "remove"},
           {"tokenize", swin, "a"}}) {
    CAPTURE(arguments[0]);
    const CommandResult result = run(arguments);
    CHECK(result.status == 1);
    CHECK(std::ranges::count(result.err, '\n') == 1);
  }
}

}  // namespace locus::tests
