// Statements of a template: if, for and set.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pipelines/template/expressions.hpp"

namespace locus::pipelines::templates {

/// Puts what a piece of a template says after a text.
using Statement = std::function<void(Scope&, std::string&)>;
using Statements = std::vector<Statement>;

/// Throws Error for a template that is malformed, and for statements that are not followed.
Statements parse_template(const std::string& source);
void run(const Statements& statements, Scope& scope, std::string& text);

}  // namespace locus::pipelines::templates
