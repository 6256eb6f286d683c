namespace Hearth.Engine.Functions;

/// <summary>Functions that Spark has and the engine refuses by name, and why.</summary>
internal static class UnsupportedFunctions
{
    private const string Sketch = "sketches of Apache DataSketches have no counterpart", Variant = "Spark 4: the VARIANT type", Time = "Spark 4.1: the TIME type",
        Java = "calls into a Java virtual machine", Newer = "Spark 4 only", Spatial = "Spark 4.1: spatial types", Vector = "Spark 4.2: vectors", Xml = "XML is not read", Binary = "Avro and Protobuf are not read";

    /// <summary>Name, lower case, and reason.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = Build();

    private static Dictionary<string, string> Build()
    {
        Dictionary<string, string> all = new(StringComparer.OrdinalIgnoreCase);
        void Add(string why, string names)
        {
            foreach (string name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                all.Add(name, why);
            }
        }

        Add(Sketch, "hll_sketch_agg hll_sketch_estimate hll_union hll_union_agg count_min_sketch");
        Add("Spark 4: " + Sketch, "approx_top_k approx_top_k_accumulate approx_top_k_combine approx_top_k_estimate theta_difference theta_intersection theta_intersection_agg theta_sketch_agg theta_sketch_estimate theta_union theta_union_agg");
        foreach (string type in (ReadOnlySpan<string>)["bigint", "float", "double"])
        {
            Add("Spark 4.1: " + Sketch, $"kll_sketch_agg_{type} kll_sketch_to_string_{type} kll_sketch_get_n_{type} kll_sketch_merge_{type} kll_sketch_get_quantile_{type} kll_sketch_get_rank_{type} kll_merge_agg_{type}");
        }

        foreach (string type in (ReadOnlySpan<string>)["double", "integer"])
        {
            Add("Spark 4.1: " + Sketch, $"tuple_sketch_agg_{type} tuple_sketch_estimate_{type} tuple_sketch_summary_{type} tuple_sketch_theta_{type} tuple_union_{type} tuple_union_agg_{type} tuple_intersection_{type} tuple_intersection_agg_{type} tuple_difference_{type} tuple_union_theta_{type} tuple_intersection_theta_{type} tuple_difference_theta_{type}");
        }

        Add(Variant, "parse_json try_parse_json variant_get try_variant_get is_variant_null is_valid_variant schema_of_variant schema_of_variant_agg to_variant_object variant_explode variant_explode_outer");
        Add(Time, "current_time make_time to_time try_to_time time_diff time_trunc time_from_micros time_from_millis time_from_seconds time_to_micros time_to_millis time_to_seconds");
        Add(Java, "java_method reflect try_reflect");
        Add(Newer, "collation collations measure time_bucket");
        Add(Spatial, "st_asbinary st_geogfromwkb st_geomfromwkb st_srid st_setsrid");
        Add(Vector, "vector_avg vector_sum vector_cosine_similarity vector_inner_product vector_l2_distance vector_norm vector_normalize");
        Add(Xml, "from_xml to_xml schema_of_xml xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string");
        Add(Binary, "from_avro to_avro schema_of_avro from_protobuf to_protobuf");
        Add("only as a key of GROUP BY", "session_window");
        return all;
    }
}
