"""Keys of the other files that change no number of inference, grouped by the reason; for `harmless_keys.py`."""

from harmless_config_keys import Group


def decoding(keys: str, reason: str, **more) -> Group:
    return Group(keys, reason, file="generation_config.json", **more)


def tokenizer(keys: str, reason: str, **more) -> Group:
    return Group(keys, reason, file="tokenizer_config.json", **more)


def image(keys: str, reason: str, **more) -> Group:
    return Group(keys, reason, file="preprocessor_config.json", **more)


def sentence(keys: str, reason: str, file: str = "sentence_bert_config.json", **more) -> Group:
    return Group(keys, reason, file=file, **more)


FOLDER, POOLING = "config_sentence_transformers.json", "Pooling/config.json"
GROUPS = [
    decoding("transformers_version _commit_hash", "says which version wrote the file"),
    decoding(
        "_from_model_config",
        "5.24 ignores it; 4.49 takes the generation keys of config.json instead of this file's where config.json has any",
    ),
    decoding(
        "output_attentions output_hidden_states output_scores output_logits return_dict_in_generate return_legacy_cache",
        "asks for other things to be returned beside the same ids",
    ),
    decoding(
        "use_cache cache_implementation cache_config max_cache_len low_memory compile_config disable_compile prefill_chunk_size"
        " continuous_batching_config",
        "says how the same ids are computed",
    ),
    decoding(
        "is_assistant num_assistant_tokens num_assistant_tokens_schedule assistant_confidence_threshold assistant_early_exit"
        " assistant_lookbehind target_lookbehind assistant_ensemble_weight prompt_lookup_num_tokens max_matching_ngram_size"
        " speculation_type use_mtp",
        "of speculative decoding, which is asked for by an argument and gives the same greedy ids",
    ),
    decoding("generation_kwargs", "handed to code of one's own"),
    decoding("remove_invalid_values", "mends logits that are not finite, which are an error here"),
    decoding("renormalize_logits", "changes scores of beams and draws alone, not their order where nothing else is asked", only=False),
    tokenizer(
        "backend is_local local_files_only files_loaded name_or_path auto_map processor_class tokenizer_file vocab_file merges_file"
        " special_tokens_map_file init_inputs __type verbose use_fast device_map device_type",
        "says where the tokenizer came from or which Python classes read it",
    ),
    tokenizer("padding_side pad_to_multiple_of pad_token_type_id padding tokenizer_padding _json_padding", "padding: texts are never padded here"),
    tokenizer("model_max_length max_len max_length stride truncation_strategy tokenizer_truncation _json_truncation", "how long a text may be is the caller's; pipelines read it"),
    tokenizer("vocab merges tokenizer _spm_precompiled_charsmap unk_id", "arguments of Python classes that tokenizer.json takes the place of"),
    tokenizer("return_token_type_ids", "an argument of Python's calls, which the file cannot give"),
    tokenizer("clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output", "a warning that is left out", only=False),
    tokenizer("chat_template response_template response_schema chat_control_tokens use_default_system_prompt", "of chats, which are not written here"),
    tokenizer("errors", "what Python does with bytes that are not UTF-8: the replacement is the same"),
    tokenizer("trim_offsets", "of offsets in tokenizer.json, whose post-processor says it", only=True),
    tokenizer("extra_ids additional_special_tokens_ids", "how many sentinels were made: they are in the files"),
    tokenizer("target_vocab_file source_spm target_spm separate_vocabs", "names of files, which are found by their usual names"),
    tokenizer("num_madeup_words", "rows of the model's table that no token has"),
    tokenizer("sp_model_kwargs", "options of the SentencePiece library; sampling would make ids random", only={}),
    tokenizer("add_bos_token add_eos_token", "5.24 ignores them where tokenizer.json is there, whose post-processor is the rule; 4.49 makes that anew from them"),
    image("feature_extractor_type image_processor_type processor_class _processor_class", "says which Python classes read it"),
    image("do_convert_rgb", "images are read as RGB", only=True),
    image("crop_size do_center_crop", "the class does not crop", only=None),
    image("data_format input_data_format return_tensors device disable_grouping default_to_square do_pad pad_size", "how Python arranges arrays"),
    sentence("cache_dir backend unpad_inputs", "where files are looked for, and how the same numbers are computed"),
    sentence("document_length query_length query_expansion", "of models of many vectors a text", only=None),
    sentence("model_kwargs model_args config_kwargs config_args processor_kwargs tokenizer_args", "no arguments at all", only={}),
    sentence("tokenizer_name_or_path", "of a tokenizer elsewhere", only=None),
    sentence(
        "model_kwargs.torch_dtype model_kwargs.dtype model_kwargs.attn_implementation model_kwargs.device_map model_kwargs.low_cpu_mem_usage"
        " model_kwargs.use_safetensors model_kwargs.weights_only model_kwargs.add_pooling_layer config_kwargs.use_cache"
        " config_kwargs.attn_implementation config_kwargs.torch_dtype config_kwargs.dtype processor_kwargs.padding_side processor_kwargs.use_fast",
        "how the same numbers are computed (so under the older names model_args, config_args and tokenizer_args)",
    ),
    sentence(
        " ".join(f"{kind}.{key}" for kind in ("model_kwargs", "processor_kwargs", "config_kwargs")
                 for key in ("subfolder", "token", "cache_dir", "revision", "local_files_only", "trust_remote_code")),
        "the caller's word counts instead",
    ),
    sentence("__version__ model_type similarity_fn_name", "says what wrote the folder, and how people compare vectors", FOLDER),
    sentence("keep_in_fp32_modules requirements", "in which type the same numbers are computed", FOLDER),
    sentence("idx name", "the order of the list says the same", "modules.json"),
    sentence("embedding_dimension word_embedding_dimension", "a copy of the width of what comes in", POOLING),
    sentence("embedding_dimension word_embedding_dimension chunk_size", "a copy of the vocabulary's size; how the same numbers are computed", "SpladePooling/config.json"),
    sentence("init_weight init_bias", "of a module that is made anew", "Dense/config.json"),
    sentence("dropout", "of training alone", "Dropout/config.json"),
    sentence("dimension", "a copy of the width of the weights", "LayerNorm/config.json"),
]  # fmt: skip
