// What a program that has the system's Protocol Buffers does with it.
#include "host.hpp"

#include <google/protobuf/descriptor.pb.h>

std::string message_text() {
  google::protobuf::FileDescriptorProto file;
  file.set_name("lamp.proto");
  for (const char* name : {"Ship", "Harbour"}) {
    google::protobuf::DescriptorProto* type = file.add_message_type();
    type->set_name(name);
    type->add_field()->set_name("length");
  }
  google::protobuf::FileDescriptorProto copy;
  if (!copy.ParseFromString(file.SerializeAsString())) return "not read";
  return copy.ShortDebugString();
}
