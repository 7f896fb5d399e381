// Pickles that must be refused, in one line and quickly.
#include "tests/engine/weights/torch_hostile.hpp"

namespace locus::tests {
namespace {

using namespace pickled;

/// An archive with another tensor, or another pickle.
std::string with_tensor(const std::string& tensor) {
  return torch_zip(state("a", tensor), sixteen_bytes);
}
std::string with_value(const std::string& value) { return torch_zip(whole(value), sixteen_bytes); }
std::string with_global(const std::string& module, const std::string& name) {
  return with_value(global(module, name) + "(" + text("touch /tmp/owned") + "tR");
}
const std::vector<HostileTorch> hostile_pickles{
    {"os.system", with_global("os", "system"),
     "x: data.pkl: expected tensors alone, found the global 'os.system' at byte 2"},
    {"posix.system", with_global("posix", "system"),
     "x: data.pkl: expected tensors alone, found the global 'posix.system' at byte 2"},
    {"builtins.eval", with_global("builtins", "eval"),
     "x: data.pkl: expected tensors alone, found the global 'builtins.eval' at byte 2"},
    {"__builtin__.eval of Python 2", with_global("__builtin__", "eval"),
     "x: data.pkl: expected tensors alone, found the global '__builtin__.eval' at byte 2"},
    {"a global that begins like one that is known", with_global("collections", "OrderedDictX"),
     "x: data.pkl: expected tensors alone, found the global 'collections.OrderedDictX' at byte 2"},
    {"a global with its name on two sides", with_global("torch._utils._rebuild", "x"),
     "x: data.pkl: expected tensors alone, found the global 'torch._utils._rebuild.x' at byte 2"},
    {"a global from the stack", with_value(text("os") + text("system") + "\x93"),
     "x: data.pkl: expected tensors alone, found the global 'os.system' at byte 20"},
    {"a global from the stack whose name is a number", with_value(text("os") + integer(1) + "\x93"),
     "x: data.pkl: expected a global's name, found no text at byte 19"},
    {"a global with a line feed to forge a message", with_global("a\rb\x1b[2J", "c"),
     "x: data.pkl: expected tensors alone, found the global 'a?b?[2J.c' at byte 2"},
    {"a whole model instead of its state", with_global("transformers.models.bert", "BertModel"),
     "x: data.pkl: expected tensors alone, found the global 'transformers.models.bert.BertModel' "
     "at byte 2"},
    {"an object of a class", with_value(global("collections", "OrderedDict") + ")\x81"),
     "x: data.pkl: expected an opcode that plain data need, found 0x81 at byte 28"},
    {"the opcode of Python 2 that makes an instance", with_value("(ios\nsystem\n"),
     "x: data.pkl: expected an opcode that plain data need, found 0x69 at byte 3"},
    {"an extension's code", with_value("\x82\x01"),
     "x: data.pkl: expected an opcode that plain data need, found 0x82 at byte 2"},
    {"protocol 0", torch_zip("(dp0\n.", sixteen_bytes),
     "x: data.pkl: expected an opcode that plain data need, found 0x64 at byte 1"},
    {"a protocol to come", torch_zip("\x80\x06}.", sixteen_bytes),
     "x: data.pkl: expected a pickle of protocols 2 to 5, found 6 at byte 0"},
    {"an empty stack", with_value("R"),
     "x: data.pkl: expected values for an opcode, found too few at byte 2"},
    {"values below a mark", with_value("}}(s"),
     "x: data.pkl: expected values for an opcode, found too few at byte 5"},
    {"no mark", with_value("}t"), "x: data.pkl: expected a mark, found none at byte 3"},
    {"nothing remembered", with_value("h\x05"),
     "x: data.pkl: expected a value that was remembered, found 5 at byte 2"},
    {"two values at the end", with_value("}}"),
     "x: data.pkl: expected one value at the end, found 2 at byte 4"},
    {"a call of a text", with_value(text("eval") + ")R"),
     "x: data.pkl: expected a global and a tuple to note a call, found a text and a tuple at byte "
     "12"},
    {"items of a text", with_value(text("a") + text("b") + text("c") + "s"),
     "x: data.pkl: expected a dict, found a text at byte 20"},
    {"attributes of a list", with_value("]}b"),
     "x: data.pkl: expected attributes of a dict, found a list at byte 4"},
    {"a key without a value", with_value("}(" + text("a") + "u"),
     "x: data.pkl: expected a value for each key, found a key without one at byte 10"},
    {"a text beyond the end", with_value("X" + little(0xffffffff, 4)),
     "x: data.pkl: expected 4294967295 bytes from byte 7, found the end after 1"},
    {"a text of 2^64 - 1 bytes", with_value("\x8d" + little(~uint64_t{0}, 8)),
     "x: data.pkl: expected 18446744073709551615 bytes from byte 11, found the end after 1"},
    {"no dict", with_value("]"), "x: data.pkl: expected a dict of tensors, found a list"},
    {"a dict in a dict", torch_zip(state("state_dict", "}"), sixteen_bytes),
     "x: data.pkl: state_dict: expected a tensor, found a dict"},
    {"a dict that holds itself", with_value("}q\x01(" + text("a") + "h\x01u"),
     "x: data.pkl: a: expected a tensor, found a dict"},
    {"a number for a name", with_value("}(K\x01" + plain_tensor + "u"),
     "x: data.pkl: a name: expected a text, found a number"},
    {"a name with a line feed", torch_zip(state("a\nb", plain_tensor), sixteen_bytes),
     "x: data.pkl: expected names of 1 to 1,024 printable characters, found 'a?b'"},
    {"a name twice", with_value("}(" + text("a") + plain_tensor + text("a") + plain_tensor + "u"),
     "a: expected one weight of this name, found two"},
    {"a type that is a class",
     with_tensor(tensor(
         tuple(text("storage") + text("FloatStorage") + text("0") + text("cpu") + integer(4)) + "Q",
         0, sizes({4}), sizes({1}))),
     "x: data.pkl: a: expected a global, found a text"},
    {"a tensor without a storage", with_tensor(global("torch._utils", "_rebuild_tensor_v2") + ")R"),
     "x: data.pkl: a: expected more than 0 values, found 0"},
    {"a complex type",
     with_tensor(tensor(storage("ComplexFloatStorage", "0", 2), 0, sizes({2}), sizes({1}))),
     "x: data.pkl: expected tensors alone, found the global 'torch.ComplexFloatStorage' at byte "
     "57"},
    {"a storage that is not there",
     with_tensor(tensor(storage("FloatStorage", "1", 4), 0, sizes({4}), sizes({1}))),
     "x: a: expected a storage '1', found none"},
    {"a storage that claims more",
     with_tensor(tensor(storage("FloatStorage", "0", 1 << 30), 0, sizes({4}), sizes({1}))),
     "x: a: expected a storage of 4294967296 bytes, found 16"},
    {"a storage that claims 2^62",
     with_tensor(tensor(storage("FloatStorage", "0", int64_t{1} << 62), 0, sizes({4}), sizes({1}))),
     "x: a: expected a storage below 2^63 bytes, found 4611686018427387904"},
    {"a storage of less than nothing",
     with_tensor(tensor(storage("FloatStorage", "0", -4), 0, sizes({0}), sizes({1}))),
     "x: data.pkl: a: expected a storage of 0 or more values, found -4"},
    {"an offset beyond", with_tensor(tensor(plain_storage, 1, sizes({4}), sizes({1}))),
     "x: data.pkl: a: expected [4] within 4 values, found values up to 3 after 1"},
    {"a negative offset", with_tensor(tensor(plain_storage, -1, sizes({4}), sizes({1}))),
     "x: data.pkl: a: expected an offset, sizes and as many strides of 0 or more, found -1, [4] "
     "and "
     "[1]"},
    {"a negative stride", with_tensor(tensor(plain_storage, 3, sizes({4}), sizes({-1}))),
     "x: data.pkl: a: expected an offset, sizes and as many strides of 0 or more, found 3, [4] and "
     "[-1]"},
    {"strides of another rank", with_tensor(tensor(plain_storage, 0, sizes({4}), sizes({1, 1}))),
     "x: data.pkl: a: expected an offset, sizes and as many strides of 0 or more, found 0, [4] and "
     "[1, 1]"},
    {"strides that wrap around",
     with_tensor(tensor(plain_storage, 0, sizes({5}), sizes({int64_t{1} << 62}))),
     "x: data.pkl: a: expected [5] within 4 values, found values up to 2^63 after 0"},
    {"one value repeated 10^12 times",
     with_tensor(tensor(plain_storage, 0, sizes({1000000, 1000000}), sizes({0, 0}))),
     "x: a: expected no more values than its file has room for, "},
    {"a product that wraps to 4",
     with_tensor(tensor(plain_storage, 0, sizes({int64_t{1} << 32, (int64_t{1} << 32) + 1}),
                        sizes({0, 0}))),
     "x: a: expected no more values than its file has room for, "},
    {"nothing of a wide shape",
     with_tensor(tensor(plain_storage, 0, sizes({int64_t{1} << 62, int64_t{1} << 62, 0}),
                        sizes({0, 0, 0}))),
     "x: a: expected no more values than its file has room for, "},
    {"a high rank",
     with_tensor(tensor(plain_storage, 0, sizes({1, 1, 1, 1, 1, 1, 1, 1, 1}),
                        sizes({1, 1, 1, 1, 1, 1, 1, 1, 1}))),
     "x: data.pkl: a: expected a rank of at most 8, found 9"},
};

}  // namespace

TEST_CASE("every hostile pickle is refused with a message that says why") {
  check_refusals(hostile_pickles);
}

TEST_CASE("a pickle that is cut at any byte within a whole archive is refused in one line") {
  const TemporaryFolder folder;
  const std::string pickle = plain_state;
  for (size_t size = 0; size < pickle.size(); ++size) {
    const auto path = folder.write("x", torch_zip(pickle.substr(0, size), sixteen_bytes));
    const std::string message = folder.message([&] { read_all_of_torch(path); });
    CAPTURE(size);
    CHECK(message.starts_with("x: data.pkl: expected "));
  }
}

TEST_CASE("a pickle of very many values is refused before it fills the memory") {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& pickle) {
    const auto path = folder.write("x", torch_zip(pickle, sixteen_bytes));
    return folder.message([&] { open_torch(path); });
  };
  const std::string many(1'000'001, 'N');
  CHECK(refusal(whole("(" + many)) ==
        "x: data.pkl: expected at most 1000000 values, found more at byte 1000003");
  std::string recalled = "Nq";
  recalled += '\0';
  for (int i = 0; i < 1'000'000; ++i) recalled += std::string("h\0", 2);
  CHECK(refusal(whole(recalled)).find("a stack of at most a million values") != std::string::npos);
}

}  // namespace locus::tests
