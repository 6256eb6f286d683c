using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>AES and bitmaps.</summary>
internal static class BinaryFunctions
{
    private static readonly SparkType Binary = SparkType.Binary;

    public static void AddTo(FunctionList list)
    {
        list.Custom("aes_encrypt", 2, 6, c => FunctionCall.Make(
            "unhex(hearth_aes_encrypt(hex({0}), hex({1}), {2}, {3}, hex({4}), hex({5})))", Binary, c.As(0, Binary), c.As(1, Binary), TextOr(c, 2, "GCM"), TextOr(c, 3, "DEFAULT"), BytesOr(c, 4), BytesOr(c, 5)), defaults: ["", "", "GCM", "DEFAULT", "", ""]);
        list.Custom("aes_decrypt", 2, 5, c => Decrypt(c, "unhex(hearth_aes_decrypt(hex({0}), hex({1}), {2}, {3}, hex({4})))"), defaults: ["", "", "GCM", "DEFAULT", ""]);
        list.Custom("try_aes_decrypt", 2, 5, c => Decrypt(c, "TRY(unhex(hearth_aes_decrypt(hex({0}), hex({1}), {2}, {3}, hex({4}))))"), defaults: ["", "", "GCM", "DEFAULT", ""]);
        list.Custom("bitmap_bit_position", 1, 1, c => FunctionCall.Make("CASE WHEN {0} > 0 THEN ({0} - 1) % 32768 ELSE (-{0}) % 32768 END", SparkType.Long, c.Long(0)));
        list.Custom("bitmap_bucket_number", 1, 1, c => FunctionCall.Make("CASE WHEN {0} > 0 THEN 1 + ({0} - 1) // 32768 ELSE {0} // 32768 END", SparkType.Long, c.Long(0)));
        list.Custom("bitmap_count", 1, 1, c => FunctionCall.Make("hearth_bitmap_count({0})", SparkType.Long, c.As(0, Binary)));
        list.Aggregate("bitmap_construct_agg", 1, 1, c => new BoundCall("hearth_bitmap_of(coalesce({0}, ''))", [Joined(FunctionCall.Make("CAST({0} AS VARCHAR)", SparkType.String, c.Long(0)))], Binary, false));
        list.Aggregate("bitmap_or_agg", 1, 1, c => new BoundCall("hearth_bitmap_or(coalesce({0}, ''))", [Joined(FunctionCall.Make("hex({0})", SparkType.String, c.As(0, Binary)))], Binary, false));
    }

    private static BoundAggregate Joined(BoundExpr text) => new("string_agg", [text, new BoundLiteral(",", SparkType.String)], SparkType.String);

    private static BoundExpr Decrypt(FunctionCall c, string template) => FunctionCall.MakeNullable(template, Binary, c.As(0, Binary), c.As(1, Binary), TextOr(c, 2, "GCM"), TextOr(c, 3, "DEFAULT"), BytesOr(c, 4));

    private static BoundExpr TextOr(FunctionCall c, int index, string otherwise) => c.Has(index) ? c.Text(index) : new BoundLiteral(otherwise, SparkType.String);

    private static BoundExpr BytesOr(FunctionCall c, int index) => c.Has(index) ? c.As(index, Binary) : new BoundLiteral(Array.Empty<byte>(), Binary);
}
