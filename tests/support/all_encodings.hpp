// The encodings on which properties are tested: a scheme is tested the day that it is registered.
#pragma once

#include <string>
#include <vector>

#include "engine/scheme.hpp"

namespace locus::tests {

/// Every registered scheme with its defaults, then variants.
inline std::vector<std::string> all_encodings() {
  std::vector<std::string> texts = scheme_names();
  for (const char* variant :
       {"sinusoidal:layout=halves,denominator=t2t,start=2,zero_row=1,token_scale=sqrt",
        "learned:offset=2",
        "hierarchical:offset=1,a=0.7",
        "normalised_index:length=actual",
        "normalised_index:length=20",
        "t5:buckets=8,max_distance=6",
        "alibi:form=causal,max_bias=4",
        "kerple:form=power",
        "fire:hidden=3",
        "continuous_window:hidden=3,pretrained=4",
        "bias:score=-m*log(1+b*abs(i-j)),m=2^(-8*(h+1)/H),b=0.1",
        "bias:score=-abs(i-j)/(1+max(i,4))-0.1*h",
        "concatenation:layout=halves",
        "shaw:clip=2",
        "shaw:clip=3,clip_later=1",
        "nezha:clip=3",
        "disentangled:span=3,terms=c2p",
        "disentangled:span=3,terms=p2c",
        "disentangled:buckets=8,max_distance=9,norm=layer",
        "rope:pairing=half",
        "rope:fraction=0.5",
        "rope:rotate_value=true",
        "rope:scaling=linear,factor=2",
        "rope:scaling=ntk,factor=4",
        "rope:scaling=yarn,factor=4,original=8",
        "rope:scaling=llama3,factor=8,original=16",
        "rope:scaling=dynamic,factor=2,original=4",
        "learned+alibi",
        "bias:score=a*n+a,a=0.5+rope",
        "rope:pairing=half+t5+shaw",
        "relative_key+nezha"}) {
    texts.push_back(variant);
  }
  return texts;
}

/// Those whose traits fulfil a condition.
template <typename Condition>
std::vector<std::string> encodings_where(Condition condition) {
  std::vector<std::string> chosen;
  for (const std::string& text : all_encodings()) {
    if (condition(traits_of(parse_encoding(text)))) chosen.push_back(text);
  }
  return chosen;
}

}  // namespace locus::tests
