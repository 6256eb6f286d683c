using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.EndToEnd.Tests;

/// <summary>
/// A file of commands and what they must say. <c>$ kubectl ...</c> begins a command (<c>&lt;&lt;END</c> gives it the following lines, up to <c>END</c>, as input);
/// below it <c>= text</c> is a line that must be there as it is, <c>~ pattern</c> a regular expression that must match somewhere, <c>- text</c> what must not be
/// there, <c>! n</c> the exit code (0 without it). <c># ...</c> is a comment.
/// </summary>
internal static class KubectlScript
{
    public static IEnumerable<KubectlStep> Read(string file)
    {
        KubectlStep? step = null;
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("$ kubectl ", StringComparison.Ordinal))
            {
                if (step is not null)
                {
                    yield return step;
                }

                var number = i + 1;
                var command = line[10..];
                string? input = null;
                if (command.EndsWith("<<END", StringComparison.Ordinal))
                {
                    command = command[..^5].Trim();
                    input = Block(lines, ref i);
                }

                step = new KubectlStep(number, command, Split(command), input);
            }
            else if (line.Length > 0 && line[0] is '=' or '~' or '-' or '!' && step is not null)
            {
                step.Expect.Add((line[0], line.Length > 2 ? line[2..] : ""));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                throw new FormatException($"{file}:{i + 1}: not a command and not an expectation: {line}");
            }
        }

        if (step is not null)
        {
            yield return step;
        }
    }

    /// <summary>What is wrong with an answer, or null.</summary>
    public static string? Judge(KubectlStep step, int code, string output)
    {
        var wantedCode = 0;
        var faults = new StringBuilder();
        var lines = output.Split('\n').Select(l => l.TrimEnd()).ToList();
        foreach (var (mark, text) in step.Expect)
        {
            switch (mark)
            {
                case '!':
                    wantedCode = int.Parse(text);
                    break;
                case '=' when !lines.Contains(text, StringComparer.Ordinal):
                    faults.Append($"  no line: {text}\n");
                    break;
                case '~' when !Regex.IsMatch(output, text, RegexOptions.Multiline, TimeSpan.FromSeconds(1)):
                    faults.Append($"  no match: {text}\n");
                    break;
                case '-' when output.Contains(text, StringComparison.Ordinal):
                    faults.Append($"  must not be there: {text}\n");
                    break;
                default:
                    break;
            }
        }

        if (code != wantedCode)
        {
            faults.Append($"  exit code {code} instead of {wantedCode}\n");
        }

        return faults.Length == 0 ? null : $"line {step.Line}: kubectl {step.Command}\n{faults}  output:\n{output}";
    }

    private static string Block(string[] lines, ref int i)
    {
        var text = new StringBuilder();
        for (i++; lines[i] != "END"; i++)
        {
            text.Append(lines[i]).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Words; single and double quotes keep spaces.</summary>
    private static List<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var any = false;
        foreach (var c in command)
        {
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                any = true;
            }
            else if (c == ' ')
            {
                Flush();
            }
            else
            {
                word.Append(c);
                any = true;
            }
        }

        Flush();
        return words;

        void Flush()
        {
            if (any)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            any = false;
        }
    }
}

/// <summary>One command of a script.</summary>
internal sealed record KubectlStep(int Line, string Command, IReadOnlyList<string> Arguments, string? Input)
{
    public List<(char Mark, string Text)> Expect { get; } = [];
}
