#include "engine/weights/formats/pickle.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"

namespace locus::weights {
namespace {

constexpr size_t max_values = 1'000'000;  // a tensor takes about twenty
constexpr int newest_protocol = 5;

std::string hexadecimal(uint8_t code) {
  constexpr std::string_view digits = "0123456789abcdef";
  return {'0', 'x', digits[code >> 4], digits[code & 15]};
}

/// The machine that a pickle is written for, as far as it builds data.
class PickleMachine {
 public:
  PickleMachine(ByteReader& reader, std::span<const std::string_view> globals)
      : reader_(reader), globals_(globals) {}

  Pickle run();

 private:
  using Action = void (PickleMachine::*)();
  struct Opcode {
    uint8_t code;
    Action action;
  };
  static const Opcode opcodes[];

  [[noreturn]] void refuse(const std::string& expected, const std::string& found) const {
    throw Error(reader_.who(), expected, found + " at byte " + std::to_string(place_));
  }

  uint32_t add(PickleValue value) {
    if (values_.size() == max_values) {
      refuse("at most " + std::to_string(max_values) + " values", "more");
    }
    values_.push_back(std::move(value));
    return static_cast<uint32_t>(values_.size() - 1);
  }
  void push(uint32_t place) {
    if (stack_.size() == max_values) refuse("a stack of at most a million values", "more");
    stack_.push_back(place);
  }
  void push(PickleValue value) { push(add(std::move(value))); }
  void push_text(std::string_view text) { push({PickleKind::text, 0, text}); }

  // What lies on the stack above the last mark may be taken off it.
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  void expect_values(size_t count) const {
    if (stack_.size() < floor() + count) refuse("values for an opcode", "too few");
  }
  uint32_t pop() {
    expect_values(1);
    const uint32_t place = stack_.back();
    stack_.pop_back();
    return place;
  }
  PickleValue& top() {
    expect_values(1);
    return values_[stack_.back()];
  }
  std::vector<uint32_t> pop_last(size_t count) {
    expect_values(count);
    std::vector<uint32_t> items(stack_.end() - static_cast<long>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }
  std::vector<uint32_t> pop_to_mark() {
    if (marks_.empty()) refuse("a mark", "none");
    auto items = pop_last(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  void protocol();
  void frame() { reader_.take(sizeof(uint64_t)); }
  void mark() { marks_.push_back(stack_.size()); }
  void stop() { running_ = false; }

  void none() { push({PickleKind::none, 0, {}}); }
  void yes() { push({PickleKind::boolean, 1, {}}); }
  void no() { push({PickleKind::boolean, 0, {}}); }
  void integer4() { push({PickleKind::integer, reader_.number<int32_t>(), {}}); }
  void integer1() { push({PickleKind::integer, reader_.number<uint8_t>(), {}}); }
  void integer2() { push({PickleKind::integer, reader_.number<uint16_t>(), {}}); }
  void long_integer();
  void real() {
    reader_.take(sizeof(double));
    push({PickleKind::real, 0, {}});
  }

  void text1() { push_text(reader_.text(reader_.number<uint8_t>())); }
  void text4() { push_text(reader_.text(reader_.number<uint32_t>())); }
  void text8() { push_text(reader_.text(reader_.number<uint64_t>())); }

  void empty_dict() { push({PickleKind::dict, 0, {}}); }
  void empty_list() { push({PickleKind::list, 0, {}}); }
  void tuple_of(std::vector<uint32_t> items) { push({PickleKind::tuple, 0, {}, std::move(items)}); }
  void tuple0() { tuple_of({}); }
  void tuple1() { tuple_of(pop_last(1)); }
  void tuple2() { tuple_of(pop_last(2)); }
  void tuple3() { tuple_of(pop_last(3)); }
  void tuple() { tuple_of(pop_to_mark()); }

  void remember(uint32_t slot);
  void remember1() { remember(reader_.number<uint8_t>()); }
  void remember4() { remember(reader_.number<uint32_t>()); }
  void remember_next() { remember(static_cast<uint32_t>(memory_.size())); }
  void recall(uint32_t slot);
  void recall1() { recall(reader_.number<uint8_t>()); }
  void recall4() { recall(reader_.number<uint32_t>()); }

  void push_global(std::string_view module, std::string_view name);
  void global();
  void stacked_global();
  void reference() { push({PickleKind::reference, 0, {}, {pop()}}); }
  void call();
  void build();

  void append_to_list(const std::vector<uint32_t>& items);
  void append() { append_to_list({pop()}); }
  void append_many() { append_to_list(pop_to_mark()); }
  void set_in_dict(const std::vector<uint32_t>& items);
  void set() { set_in_dict(pop_last(2)); }
  void set_many() { set_in_dict(pop_to_mark()); }

  ByteReader& reader_;
  std::span<const std::string_view> globals_;
  std::vector<PickleValue> values_;
  std::vector<uint32_t> stack_;
  std::vector<size_t> marks_;  // sizes of the stack
  std::unordered_map<uint32_t, uint32_t> memory_;
  size_t place_ = 0;  // of the opcode at work
  bool running_ = true;
};

const PickleMachine::Opcode PickleMachine::opcodes[] = {
    {0x80, &PickleMachine::protocol},
    {0x95, &PickleMachine::frame},
    {'(', &PickleMachine::mark},
    {'.', &PickleMachine::stop},
    {'N', &PickleMachine::none},
    {0x88, &PickleMachine::yes},
    {0x89, &PickleMachine::no},
    {'J', &PickleMachine::integer4},
    {'K', &PickleMachine::integer1},
    {'M', &PickleMachine::integer2},
    {0x8a, &PickleMachine::long_integer},
    {'G', &PickleMachine::real},
    {0x8c, &PickleMachine::text1},
    {'U', &PickleMachine::text1},
    {'X', &PickleMachine::text4},
    {'T', &PickleMachine::text4},
    {0x8d, &PickleMachine::text8},
    {'}', &PickleMachine::empty_dict},
    {']', &PickleMachine::empty_list},
    {')', &PickleMachine::tuple0},
    {0x85, &PickleMachine::tuple1},
    {0x86, &PickleMachine::tuple2},
    {0x87, &PickleMachine::tuple3},
    {'t', &PickleMachine::tuple},
    {'q', &PickleMachine::remember1},
    {'r', &PickleMachine::remember4},
    {0x94, &PickleMachine::remember_next},
    {'h', &PickleMachine::recall1},
    {'j', &PickleMachine::recall4},
    {'c', &PickleMachine::global},
    {0x93, &PickleMachine::stacked_global},
    {'Q', &PickleMachine::reference},
    {'R', &PickleMachine::call},
    {'b', &PickleMachine::build},
    {'a', &PickleMachine::append},
    {'e', &PickleMachine::append_many},
    {'s', &PickleMachine::set},
    {'u', &PickleMachine::set_many},
};

Pickle PickleMachine::run() {
  while (running_) {
    place_ = reader_.position();
    const auto code = reader_.number<uint8_t>();
    const auto opcode = std::ranges::find(opcodes, code, &Opcode::code);
    if (opcode == std::end(opcodes)) {
      refuse("an opcode that plain data need", hexadecimal(code));
    }
    (this->*opcode->action)();
  }
  if (!marks_.empty() || stack_.size() != 1) {
    refuse("one value at the end", std::to_string(stack_.size()));
  }
  return {reader_.who(), std::move(values_), stack_.front()};
}

void PickleMachine::protocol() {
  const int version = reader_.number<uint8_t>();
  if (version < 2 || version > newest_protocol) {
    refuse("a pickle of protocols 2 to 5", std::to_string(version));
  }
}

// Two's complement of any length.
void PickleMachine::long_integer() {
  const auto bytes = reader_.text(reader_.number<uint8_t>());
  if (bytes.size() > sizeof(int64_t)) return push({PickleKind::big, 0, bytes});
  uint64_t value = bytes.empty() || static_cast<int8_t>(bytes.back()) >= 0 ? 0 : ~uint64_t{0};
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  push({PickleKind::integer, static_cast<int64_t>(value), {}});
}

void PickleMachine::remember(uint32_t slot) {
  expect_values(1);
  if (memory_.size() == max_values) refuse("at most a million values to remember", "more");
  memory_[slot] = stack_.back();
}

void PickleMachine::recall(uint32_t slot) {
  const auto found = memory_.find(slot);
  if (found == memory_.end()) refuse("a value that was remembered", std::to_string(slot));
  push(found->second);
}

void PickleMachine::push_global(std::string_view module, std::string_view name) {
  const std::string full =
      std::string(module.substr(0, 200)) + "." + std::string(name.substr(0, 200));
  const auto known = std::ranges::find(globals_, full);
  if (known == globals_.end()) refuse("tensors alone", "the global '" + shown_ascii(full) + "'");
  push({PickleKind::global, 0, *known});
}

void PickleMachine::global() {
  const auto module = reader_.line();
  push_global(module, reader_.line());
}

void PickleMachine::stacked_global() {
  const auto names = pop_last(2);
  for (uint32_t place : names) {
    if (values_[place].kind != PickleKind::text) refuse("a global's name", "no text");
  }
  push_global(values_[names[0]].text, values_[names[1]].text);
}

void PickleMachine::call() {
  const auto parts = pop_last(2);
  const PickleValue &callee = values_[parts[0]], &arguments = values_[parts[1]];
  if (callee.kind != PickleKind::global || arguments.kind != PickleKind::tuple) {
    refuse("a global and a tuple to note a call",
           std::string(to_string(callee.kind)) + " and " + std::string(to_string(arguments.kind)));
  }
  push({PickleKind::call, 0, {}, parts});
}

// What is set on a dictionary of a module's state is the versions of its parts.
void PickleMachine::build() {
  pop();
  if (top().kind != PickleKind::call && top().kind != PickleKind::dict) {
    refuse("attributes of a dict", std::string(to_string(top().kind)));
  }
}

void PickleMachine::append_to_list(const std::vector<uint32_t>& items) {
  PickleValue& list = top();
  if (list.kind != PickleKind::list) refuse("a list", std::string(to_string(list.kind)));
  list.items.insert(list.items.end(), items.begin(), items.end());
}

void PickleMachine::set_in_dict(const std::vector<uint32_t>& items) {
  PickleValue& dict = top();
  const bool takes_items = dict.kind == PickleKind::dict || dict.kind == PickleKind::call;
  if (!takes_items) refuse("a dict", std::string(to_string(dict.kind)));
  if (items.size() % 2 != 0) refuse("a value for each key", "a key without one");
  dict.items.insert(dict.items.end(), items.begin(), items.end());
}

}  // namespace

Pickle read_pickle(ByteReader& reader, std::span<const std::string_view> globals) {
  return PickleMachine(reader, globals).run();
}

}  // namespace locus::weights
