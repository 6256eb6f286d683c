using System.Text.Json.Nodes;

namespace Hearth.Cli.Output;

/// <summary>Something to list: columns and rows for people, a document for programs.</summary>
/// <param name="Columns">Column headings, upper case as kubectl has them.</param>
/// <param name="Rows">One text a column.</param>
/// <param name="Document">The same, complete, for JSON and YAML.</param>
public sealed record Listing(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, JsonNode Document);
