using System.Text;

namespace Hearth.Cluster.ApiServer.Auth.Tokens;

/// <summary>A file of static tokens: one line each, <c>token,user,group|group</c>; readable by its owner only.</summary>
public static class StaticTokenFile
{
    /// <summary>Reads the file; gives every wanted user that is not in it a new token and writes the file again.</summary>
    /// <param name="path">Created when missing, with mode 0600.</param>
    /// <param name="wanted">Users and their groups; groups of known users are updated.</param>
    /// <exception cref="FormatException">A line is not of the form; the message names file and line, not the token.</exception>
    public static IReadOnlyList<StaticToken> LoadOrCreate(string path, IReadOnlyList<(string User, IReadOnlyList<string> Groups)> wanted)
    {
        var known = File.Exists(path) ? Read(path) : [];
        var tokens = known.Where(k => wanted.All(w => w.User != k.User)).ToList();
        foreach (var (user, groups) in wanted)
        {
            var secret = known.FirstOrDefault(k => k.User == user)?.Token ?? StaticToken.NewSecret();
            tokens.Add(new StaticToken(secret, user, groups));
        }

        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            text.Append(token.Token).Append(',').Append(token.User).Append(',').AppendJoin('|', token.Groups).Append('\n');
        }

        Pki.SecretFile.Write(path, text.ToString());
        return tokens;
    }

    private static List<StaticToken> Read(string path)
    {
        var tokens = new List<StaticToken>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var parts = line.Split(',');
            if (parts.Length != 3 || parts[0].Length == 0 || parts[1].Length == 0)
            {
                throw new FormatException($"{path}:{number}: expected token,user,group|group");
            }

            tokens.Add(new StaticToken(parts[0], parts[1], parts[2].Split('|', StringSplitOptions.RemoveEmptyEntries)));
        }

        return tokens;
    }
}
