// One function a kind of node.
#pragma once

#include <memory>

#include "engine/layers/layer.hpp"
#include "engine/layers/node_reader.hpp"

namespace locus::layers {

std::unique_ptr<Layer> make_embedding(const NodeReader& reader);
std::unique_ptr<Layer> make_features(const NodeReader& reader);
std::unique_ptr<Layer> make_patches(const NodeReader& reader);
std::unique_ptr<Layer> make_windows(const NodeReader& reader);
std::unique_ptr<Layer> make_restore(const NodeReader& reader);
std::unique_ptr<Layer> make_position(const NodeReader& reader);
std::unique_ptr<Layer> make_norm(const NodeReader& reader);
std::unique_ptr<Layer> make_add(const NodeReader& reader);
/// An add whose sum a norm takes next, from the norm's node.
std::unique_ptr<Layer> make_add_norm(const NodeReader& norm);
std::unique_ptr<Layer> make_attention(const NodeReader& reader);
std::unique_ptr<Layer> make_feed_forward(const NodeReader& reader);
std::unique_ptr<Layer> make_linear(const NodeReader& reader);
std::unique_ptr<Layer> make_token_dropout(const NodeReader& reader);
std::unique_ptr<Layer> make_soft_cap(const NodeReader& reader);
std::unique_ptr<Layer> make_scale(const NodeReader& reader);
std::unique_ptr<Layer> make_convolution(const NodeReader& reader);
std::unique_ptr<Layer> make_adaptive_softmax(const NodeReader& reader);
std::unique_ptr<Layer> make_gather(const NodeReader& reader);
std::unique_ptr<Layer> make_pool(const NodeReader& reader);

}  // namespace locus::layers
