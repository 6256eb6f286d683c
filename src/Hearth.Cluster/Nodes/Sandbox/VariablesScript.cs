using System.Text;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>A container's variables as a shell script: a file that only its reader can see, where arguments can be seen by everybody. Pure.</summary>
internal static class VariablesScript
{
    /// <summary>The script that sets every variable whose name a shell can say, and <c>NAME=value</c> of the others, for <c>env</c>.</summary>
    public static (string Script, IReadOnlyList<string> Others) Write(IReadOnlyDictionary<string, string> variables)
    {
        var script = new StringBuilder();
        var others = new List<string>();
        foreach (var (name, value) in variables)
        {
            if (IsName(name))
            {
                script.Append("export ").Append(name).Append("='").Append(value.Replace("'", "'\\''", StringComparison.Ordinal)).Append("'\n");
            }
            else
            {
                others.Add($"{name}={value}");
            }
        }

        return (script.ToString(), others);
    }

    private static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
