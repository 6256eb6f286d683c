using System.Text.RegularExpressions;

namespace Hearth.Architecture.Tests;

/// <summary>A function and the lines from its name to its end.</summary>
public sealed record Function(string Name, int Line, int Lines);

/// <summary>Finds functions and their lengths, by braces in C# and by indentation in Python.</summary>
public static partial class FunctionScanner
{
    /// <summary>
    /// Members of types that take parameters: methods, constructors, operators, expression-bodied or not. Functions and
    /// lambdas inside them count as part of them, which is what a reader has to hold in mind.
    /// </summary>
    public static IEnumerable<Function> InCSharp(string source)
    {
        var code = CSharpText.CodeOnly(source);
        var found = new List<Function>();
        ScanBlock(code, 0, code.Length, found);
        return found;
    }

    public static IEnumerable<Function> InPython(IReadOnlyList<string> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var def = Def().Match(lines[i]);
            if (!def.Success)
            {
                continue;
            }

            var indent = def.Groups["indent"].Length;
            var end = i;
            for (var j = i + 1; j < lines.Count; j++)
            {
                var text = lines[j].TrimStart();
                if (text.Length > 0 && lines[j].Length - text.Length <= indent && text[0] is not (')' or '#'))
                {
                    break;
                }

                end = text.Length > 0 ? j : end;
            }

            yield return new Function(def.Groups["name"].Value, i + 1, end - i + 1);
        }
    }

    /// <summary>Walks the members between two braces of a file, namespace or type.</summary>
    private static void ScanBlock(string code, int from, int to, List<Function> found)
    {
        var start = from;
        var parentheses = 0;
        for (var i = from; i < to; i++)
        {
            switch (code[i])
            {
                case '(' or '[':
                    parentheses++;
                    break;
                case ')' or ']':
                    parentheses--;
                    break;
                case ';' when parentheses == 0:
                    Member(code, start, i, found);
                    start = i + 1;
                    break;
                case '{':
                    var end = Matching(code, i, to);
                    start = parentheses == 0 ? AfterBlock(code, start, i, end, to, found) : start;
                    i = end;
                    break;
            }
        }
    }

    /// <summary>Handles a block on the level of members; where the next member starts, or the current one when the block does not end it.</summary>
    private static int AfterBlock(string code, int start, int open, int end, int to, List<Function> found)
    {
        var header = code[start..open];
        if (IsContainer(header))
        {
            ScanBlock(code, open + 1, end, found);
            return end + 1;
        }

        if (ContinuesAfter(code, header, end, to))
        {
            return start;
        }

        Member(code, start, end, found);
        return end + 1;
    }

    /// <summary>An initialiser or an expression body ends with its semicolon, not with a brace inside it.</summary>
    private static bool ContinuesAfter(string code, string header, int end, int to)
    {
        if (Assigns().IsMatch(header))
        {
            return true;
        }

        // `{ get; } = value;`
        var next = end + 1;
        while (next < to && char.IsWhiteSpace(code[next]))
        {
            next++;
        }

        return next < to && code[next] == '=';
    }

    private static void Member(string code, int start, int end, List<Function> found)
    {
        var text = code[start..Math.Min(end + 1, code.Length)];
        var name = Signature().Match(text);
        if (!name.Success)
        {
            return;
        }

        var first = LineOf(code, start + name.Groups["name"].Index);
        found.Add(new Function(name.Groups["name"].Value, first, LineOf(code, end) - first + 1));
    }

    private static bool IsContainer(string header) => Container().IsMatch(header);

    private static int Matching(string code, int open, int to)
    {
        var depth = 0;
        for (var i = open; i < to; i++)
        {
            depth += code[i] == '{' ? 1 : code[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return to;
    }

    private static int LineOf(string code, int index) => code.AsSpan(0, Math.Min(index, code.Length)).Count('\n') + 1;

    // A type keyword before any parameters; behind a colon it is a constraint.
    [GeneratedRegex(@"^\s*(?>(\[[^\]]*\]\s*)*)[^(=]*?\b(class|struct|record|interface|namespace|enum|extension)\b(?<![:,]\s*\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Container();

    [GeneratedRegex(@"=>|(?<![=!<>])=(?!=)")]
    private static partial Regex Assigns();

    // The first name that is followed by parameters, before any body or initialiser.
    [GeneratedRegex(@"^\s*(?>(\[[^\]]*\]\s*)*)[^={;(]*?(?<name>[\w.~]+)\s*(<[^<>()]*>)?\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Signature();

    [GeneratedRegex(@"^(?<indent>\s*)(async\s+)?def\s+(?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Def();
}
