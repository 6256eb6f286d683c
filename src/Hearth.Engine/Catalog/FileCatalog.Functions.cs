using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Engine.Catalog;

/// <summary>Functions written in SQL: <c>DIR/DATABASE/NAME.function</c> keeps the statement that made one.</summary>
public sealed partial class FileCatalog
{
    /// <summary>The statement that made the function, or null.</summary>
    public string? FindFunction(string database, string name)
    {
        string file = FunctionFileOf(database, name);
        if (Text(file) is not { } text)
        {
            return null;
        }

        using JsonDocument document = Parse(file, text);
        return document.RootElement.GetProperty("statement").GetString();
    }

    /// <summary>Stores a function.</summary>
    /// <returns>False when there is one of the name and it must stay.</returns>
    public bool SaveFunction(string database, string name, string statement, bool replace) =>
        Write(FunctionFileOf(database, name), new JsonObject { ["statement"] = statement }, replace) || replace;

    /// <summary>Removes a function.</summary>
    /// <returns>False when there is none.</returns>
    public bool DropFunction(string database, string name)
    {
        string file = FunctionFileOf(database, name);
        if (Text(file) is null)
        {
            return false;
        }

        File.Delete(file);
        return true;
    }

    private string FunctionFileOf(string database, string name) => Path.ChangeExtension(FileOf(database, name), ".function");
}
