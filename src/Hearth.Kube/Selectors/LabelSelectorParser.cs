namespace Hearth.Kube.Selectors;

/// <summary>Reads the query form of label selectors (apimachinery <c>labels.Parse</c>).</summary>
internal sealed class LabelSelectorParser(string text)
{
    private int _at;

    public LabelSelector Parse()
    {
        var requirements = new List<SelectorRequirement>();
        while (true)
        {
            requirements.Add(Requirement());
            Skip();
            if (_at == text.Length)
            {
                return new LabelSelector(requirements);
            }

            Expect(',');
        }
    }

    private SelectorRequirement Requirement()
    {
        Skip();
        if (Take('!'))
        {
            return new(Word("a label key"), SelectorOperator.DoesNotExist, []);
        }

        var key = Word("a label key");
        Skip();
        if (_at == text.Length || text[_at] == ',')
        {
            return new(key, SelectorOperator.Exists, []);
        }

        if (Take('!'))
        {
            Expect('=');
            return new(key, SelectorOperator.NotIn, [Value()]);
        }

        if (Take('='))
        {
            _ = Take('=');
            return new(key, SelectorOperator.In, [Value()]);
        }

        if (Take('>'))
        {
            return new(key, SelectorOperator.Gt, [Word("an integer")]);
        }

        if (Take('<'))
        {
            return new(key, SelectorOperator.Lt, [Word("an integer")]);
        }

        return Word("an operator") switch
        {
            "in" => new(key, SelectorOperator.In, Values()),
            "notin" => new(key, SelectorOperator.NotIn, Values()),
            var other => throw Fail($"found '{other}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    private List<string> Values()
    {
        Skip();
        Expect('(');
        var values = new List<string>();
        do
        {
            values.Add(Value());
            Skip();
        }
        while (Take(','));
        Expect(')');
        return values;
    }

    private string Value()
    {
        Skip();
        return _at == text.Length || text[_at] is ',' or ')' ? "" : Word("a value");
    }

    private string Word(string what)
    {
        Skip();
        var start = _at;
        while (_at < text.Length && text[_at] is not (',' or '=' or '!' or '(' or ')' or '<' or '>' or ' ' or '\t'))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Fail($"found '{(_at < text.Length ? text[_at].ToString() : "")}', expected: {what}");
    }

    private bool Take(char c)
    {
        if (_at < text.Length && text[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private void Expect(char c)
    {
        Skip();
        if (!Take(c))
        {
            throw Fail($"found '{(_at < text.Length ? text[_at].ToString() : "")}', expected: '{c}'");
        }
    }

    private void Skip()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private static FormatException Fail(string detail) => new("unable to parse requirement: " + detail);
}
