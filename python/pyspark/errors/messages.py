"""Texts of the errors that the front end raises itself, by Spark's error class."""

from __future__ import annotations

from typing import Dict, Mapping, Optional

_TEXTS: Dict[str, str] = {
    "ARGUMENT_REQUIRED": "Argument `{arg_name}` is required when {condition}.",
    "AXIS_LENGTH_MISMATCH": "Expected {expected_length} values, found {actual_length}.",
    "CANNOT_ACCEPT_OBJECT_IN_TYPE": "`{data_type}` can not accept object `{obj_name}` in type `{obj_type}`.",
    "CANNOT_APPLY_IN_FOR_COLUMN": "Cannot use `in` with a Column: use `contains` for strings, `array_contains` for arrays.",
    "CANNOT_CONVERT_COLUMN_INTO_BOOL": "Cannot convert column into bool: please use '&' for 'and', '|' for 'or', "
    "'~' for 'not' when building DataFrame boolean expressions.",
    "CANNOT_DETERMINE_TYPE": "Some of types cannot be determined after inferring.",
    "CANNOT_INFER_EMPTY_SCHEMA": "Can not infer schema from an empty dataset.",
    "CANNOT_INFER_SCHEMA_FOR_TYPE": "Can not infer schema for type: `{data_type}`.",
    "CANNOT_MERGE_TYPE": "Can not merge type `{data_type1}` and `{data_type2}`.",
    "CANNOT_PARSE_DATATYPE": "Unable to parse datatype. {msg}.",
    "COLUMN_NOT_ITERABLE": "Column is not iterable.",
    "FIELD_NOT_NULLABLE": "Field is not nullable, but got None.",
    "FIELD_NOT_NULLABLE_WITH_NAME": "{field_name}: Field is not nullable, but got None.",
    "INVALID_RETURN_TYPE": "Lambda function must return a Column, got `{actual}`.",
    "KEY_NOT_EXISTS": "Key `{key}` is not exists.",
    "LENGTH_SHOULD_BE_THE_SAME": "{arg1} and {arg2} should be of the same length, got {arg1_length} and {arg2_length}.",
    "NEGATIVE_VALUE": "Value for `{arg_name}` must be greater than or equal to 0, got '{arg_value}'.",
    "NO_OBSERVE_BEFORE_GET": "Should observe by calling `DataFrame.observe` before `get`.",
    "NOT_BOOL": "Argument `{arg_name}` should be a bool, got {arg_type}.",
    "NOT_LIST_OF_COLUMN": "Argument `{arg_name}` should be a list[Column].",
    "NOT_OBSERVATION_OR_STR": "Argument `{arg_name}` should be a Observation or str, got {arg_type}.",
    "REUSE_OBSERVATION": "An Observation can be used with a DataFrame only once.",
    "VALUE_NOT_NON_EMPTY_STR": "Value for `{arg_name}` must be a non empty string, got {arg_value}.",
    "NOT_CALLABLE": "Argument `{arg_name}` should be a callable, got {arg_type}.",
    "NOT_COLUMN": "Argument `{arg_name}` should be a Column, got {arg_type}.",
    "NOT_COLUMN_OR_DATATYPE_OR_STR": "Argument `{arg_name}` should be a Column, DataType or str, got {arg_type}.",
    "NOT_COLUMN_OR_STR": "Argument `{arg_name}` should be a Column or str, got {arg_type}.",
    "NOT_COLUMN_OR_INT_OR_LIST_OR_STR_OR_TUPLE": "Argument `{arg_name}` should be a Column, int, list, str or tuple, got {arg_type}.",
    "NOT_DATAFRAME": "Argument `{arg_name}` should be a DataFrame, got {arg_type}.",
    "NOT_DICT": "Argument `{arg_name}` should be a dict, got {arg_type}.",
    "NOT_INT": "Argument `{arg_name}` should be an int, got {arg_type}.",
    "NOT_ITERABLE": "{objectName} is not iterable.",
    "NOT_LIST_OR_STR_OR_TUPLE": "Argument `{arg_name}` should be a list, str or tuple, got {arg_type}.",
    "NOT_LIST_OR_TUPLE": "Argument `{arg_name}` should be a list or tuple, got {arg_type}.",
    "NOT_STR": "Argument `{arg_name}` should be a str, got {arg_type}.",
    "NO_ACTIVE_SESSION": "No active Spark session found. Please create a new Spark session before running the code.",
    "TOO_MANY_VALUES": "Expected {expected} values for `{item}`, got {actual}.",
    "UNSUPPORTED_LITERAL": "Literal of type `{arg_type}` is not supported: {arg}.",
    "VALUE_OUT_OF_BOUND": "Value for `{arg_name}` must be between {lower_bound} and {upper_bound}, got {actual}.",
    "ZERO_INDEX": "Index must be non-zero.",
}


def text_of(error_class: Optional[str], parameters: Mapping[str, str]) -> str:
    """The text of an error class with its parameters filled in."""
    template = _TEXTS.get(error_class or "", "")
    if not template:
        return ", ".join(f"{key}: {value}" for key, value in parameters.items())
    return template.format(**parameters)
