using Hearth.Engine.Protocol;
using Hearth.Engine.Session;

namespace Hearth.Engine;

/// <summary>Options of <c>hearth engine serve</c>.</summary>
/// <param name="Socket">Path of the Unix socket.</param>
/// <param name="Engine">Session options.</param>
public sealed record EngineServeOptions(string Socket, EngineOptions Engine)
{
    /// <summary>Reads <c>--socket PATH --conf k=v ..</c>.</summary>
    /// <exception cref="EngineException">An option is unknown or incomplete.</exception>
    public static EngineServeOptions Parse(IReadOnlyList<string> args)
    {
        string? socket = null;
        Dictionary<string, string> conf = new(StringComparer.Ordinal);
        for (int i = 0; i < args.Count; i++)
        {
            string value = i + 1 < args.Count ? args[i + 1] : throw Bad($"{args[i]} needs a value");
            switch (args[i++])
            {
                case "--socket":
                    socket = value;
                    break;
                case "--conf":
                    int equals = value.IndexOf('=', StringComparison.Ordinal);
                    conf[equals > 0 ? value[..equals] : throw Bad($"--conf {value}: expected key=value")] = value[(equals + 1)..];
                    break;
                default:
                    throw Bad($"unknown option {args[i - 1]}");
            }
        }

        return new EngineServeOptions(socket ?? throw Bad("--socket is missing"), new EngineOptions { Conf = conf });
    }

    private static EngineException Bad(string detail) => new("INVALID_ARGUMENT", $"hearth engine serve: {detail}.", ErrorKind.IllegalArgumentException, "usage: hearth engine serve --socket PATH [--conf key=value ...]");
}

/// <summary>Entry points for the command line.</summary>
public static class EngineCommands
{
    /// <summary>Serves a session until cancelled. Prints one line when it is ready.</summary>
    /// <returns>Exit code: 0 after a stop, 2 when it cannot start.</returns>
    public static async Task<int> ServeAsync(EngineServeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using EngineSession session = EngineSession.Open(options.Engine);
            await using EngineServer server = EngineServer.Listen(options.Socket, session);
            await Console.Out.WriteLineAsync($"engine ready on {options.Socket}".AsMemory(), cancellationToken);
            await server.RunAsync(cancellationToken);
            return 0;
        }
        catch (EngineException error)
        {
            await Console.Error.WriteLineAsync($"error: {error.Describe()}{(error.Hint is null ? "" : $"\nhint: {error.Hint}")}".AsMemory(), CancellationToken.None);
            return 2;
        }
    }

    /// <summary><c>hearth engine serve ..</c> from raw arguments.</summary>
    public static async Task<int> ServeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        EngineServeOptions options;
        try
        {
            options = EngineServeOptions.Parse(args);
        }
        catch (EngineException error)
        {
            await Console.Error.WriteLineAsync($"error: {error.Message}\nhint: {error.Hint}".AsMemory(), CancellationToken.None);
            return 2;
        }

        return await ServeAsync(options, cancellationToken);
    }
}
