namespace Hearth.Platform.Schema;

/// <summary>Short ways to write a field table.</summary>
internal static class Table<T>
{
    public static Field<T> Field<TValue>(
        string name, Shape<TValue> shape, Func<T, TValue> get, Func<T, TValue, T> with, string doc, bool required = false) =>
        new Field<T, TValue>(name, shape, get, with, doc, required);

    public static Field<T> Constant(string name, string value, string doc) => new ConstantField<T>(name, value, doc);
}

/// <summary>Shapes that many tables use.</summary>
internal static class Shapes
{
    public static BoolShape Bool { get; } = new();

    public static ListShape<string> Texts { get; } = ListOf(Schema.Texts.Any);

    public static MapShape<string> Labels { get; } = new(Schema.Texts.LabelKey, Schema.Texts.LabelValue, string.Empty);

    public static MapShape<string> Tags { get; } = new(key: null, Schema.Texts.Any, string.Empty);

    public static TextShape SubnetKind { get; } = TextShape.OneOf("dataPlane", "private", "public");

    public static TextShape AmiFamily { get; } = TextShape.OneOf("AL2023", "AL2", "Bottlerocket");

    public static TextShape InstanceStorePolicy { get; } = TextShape.OneOf("None", "RAID0");

    public static TextShape VolumeType { get; } = TextShape.OneOf("gp3", "gp2", "io1", "io2", "st1", "sc1", "standard");

    public static IntShape Days { get; } = new(1, 3653);

    public static ListShape<string> ListOf(TextShape item) => new(item, string.Empty);

    public static IntShape AtLeast(int least) => new(least, int.MaxValue);
}
