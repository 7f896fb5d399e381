// The normal and Student's distribution.
#pragma once

namespace locus::evaluation {

double normal_cdf(double x);
/// Inverse of `normal_cdf`, to 1e-12.
double normal_quantile(double p);
/// Distribution function of Student's t.
double student_cdf(double t, double freedom);
/// Inverse of the distribution function of Student's t, to 1e-10.
double student_quantile(double p, double freedom);

}  // namespace locus::evaluation
