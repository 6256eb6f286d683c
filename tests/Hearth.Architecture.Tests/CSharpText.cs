namespace Hearth.Architecture.Tests;

/// <summary>
/// C# source with everything that is not code made blank: comments, text of every form (with the code inside interpolations),
/// characters and preprocessor lines. Line numbers stay. Good enough to count braces; not a compiler.
/// </summary>
public sealed class CSharpText
{
    private readonly string _source;
    private readonly char[] _code;

    private CSharpText(string source) => (_source, _code) = (source, source.ToCharArray());

    public static string CodeOnly(string source)
    {
        var text = new CSharpText(source);
        text.Run();
        return new string(text._code);
    }

    private void Run()
    {
        var i = 0;
        while (i < _source.Length)
        {
            i = Step(i);
        }
    }

    /// <summary>Handles what starts at <paramref name="i"/>; the index after it.</summary>
    private int Step(int i)
    {
        if (At(i, "//") || IsDirective(i))
        {
            return Blank(i, EndOfLine(i));
        }

        if (At(i, "/*"))
        {
            var end = _source.IndexOf("*/", i + 2, StringComparison.Ordinal);
            return Blank(i, end < 0 ? _source.Length : end + 2);
        }

        if (_source[i] == '\'')
        {
            return Blank(i, EndOfCharacter(i));
        }

        return StartsText(i) ? Blank(i, EndOfText(i)) : i + 1;
    }

    private bool StartsText(int i)
    {
        var start = i;
        while (start < _source.Length && _source[start] is '$' or '@')
        {
            start++;
        }

        return start < _source.Length && _source[start] == '"' && (start == i || _source[i] is '$' or '@');
    }

    private int EndOfText(int i)
    {
        var (dollars, verbatim) = (0, false);
        for (; _source[i] is '$' or '@'; i++)
        {
            dollars += _source[i] == '$' ? 1 : 0;
            verbatim |= _source[i] == '@';
        }

        var quotes = 0;
        while (i + quotes < _source.Length && _source[i + quotes] == '"')
        {
            quotes++;
        }

        if (quotes >= 3)
        {
            var end = _source.IndexOf(new string('"', quotes), i + quotes, StringComparison.Ordinal);
            return end < 0 ? _source.Length : end + quotes;
        }

        return EndOfPlainText(i + 1, dollars > 0, verbatim);
    }

    private int EndOfPlainText(int i, bool interpolated, bool verbatim)
    {
        while (i < _source.Length)
        {
            switch (_source[i])
            {
                case '\\' when !verbatim:
                    i += 2;
                    break;
                case '"' when verbatim && At(i, "\"\""):
                    i += 2;
                    break;
                case '"':
                    return i + 1;
                case '{' when interpolated && !At(i, "{{"):
                    i = EndOfHole(i + 1);
                    break;
                case '{' when interpolated:
                    i += 2;
                    break;
                default:
                    i++;
                    break;
            }
        }

        return i;
    }

    /// <summary>The index after the brace that ends an interpolation.</summary>
    private int EndOfHole(int i)
    {
        for (var depth = 1; i < _source.Length;)
        {
            if (_source[i] == '}' && --depth == 0)
            {
                return i + 1;
            }

            depth += _source[i] == '{' ? 1 : 0;
            i = Step(i);
        }

        return i;
    }

    private int EndOfCharacter(int i)
    {
        var end = i + 1;
        while (end < _source.Length && _source[end] is not ('\'' or '\n'))
        {
            end += _source[end] == '\\' ? 2 : 1;
        }

        return Math.Min(end + 1, _source.Length);
    }

    private bool IsDirective(int i)
    {
        if (_source[i] != '#')
        {
            return false;
        }

        var lineStart = i == 0 ? 0 : _source.LastIndexOf('\n', i - 1) + 1;
        return _source.AsSpan(lineStart, i - lineStart).Trim().IsEmpty;
    }

    private int EndOfLine(int i)
    {
        var end = _source.IndexOf('\n', i);
        return end < 0 ? _source.Length : end;
    }

    private int Blank(int from, int to)
    {
        to = Math.Min(to, _source.Length);
        for (var i = from; i < to; i++)
        {
            _code[i] = _source[i] == '\n' ? '\n' : ' ';
        }

        return to;
    }

    private bool At(int i, string text) => string.CompareOrdinal(_source, i, text, 0, text.Length) == 0;
}
