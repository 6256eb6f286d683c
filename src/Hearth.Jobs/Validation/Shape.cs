namespace Hearth.Jobs.Validation;

/// <summary>A shape of the service model as <c>emr-containers.shapes</c> declares it.</summary>
internal abstract record Shape(string Name);

/// <summary>A text.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Min">Fewest characters.</param>
/// <param name="Max">Most characters.</param>
/// <param name="Pattern">What the whole text must match; null for anything.</param>
/// <param name="Secret">Whether the value must not appear in messages.</param>
internal sealed record TextShape(string Name, int? Min, int? Max, ModelPattern? Pattern, bool Secret) : Shape(Name);

/// <summary>A word of a set.</summary>
internal sealed record EnumShape(string Name, IReadOnlyList<string> Words) : Shape(Name);

/// <summary>A whole number.</summary>
internal sealed record IntegerShape(string Name, int? Min, int? Max) : Shape(Name);

/// <summary>A truth value or an instant: its type is all there is to check, and reading the request did.</summary>
internal sealed record PlainShape(string Name) : Shape(Name);

/// <summary>A list.</summary>
internal sealed record ListShape(string Name, int? Min, int? Max, string Element) : Shape(Name);

/// <summary>A map from texts.</summary>
internal sealed record MapShape(string Name, int? Min, int? Max, string Key, string Value, bool Sensitive) : Shape(Name);

/// <summary>A structure, or a union of which exactly one member is set.</summary>
internal sealed record StructureShape(string Name, IReadOnlyList<ShapeMember> Members, bool Union) : Shape(Name);

/// <summary>A member of a structure.</summary>
internal sealed record ShapeMember(string Name, string Shape, bool Required);
