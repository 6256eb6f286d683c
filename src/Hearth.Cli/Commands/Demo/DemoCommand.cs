using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;
using Hearth.Engine.Samples;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Demo;

/// <summary><c>hearth demo</c>: the taxi job for a data team from nothing to result.</summary>
internal sealed class DemoCommand
{
    private readonly CliContext _context;
    private readonly Option<string?> _dataDir = new("--data-dir")
    {
        Description = "Where the demo's platform lives; its files stay for a look until the next demo [default: HEARTH_DATA_DIR/demo or ~/.hearth/demo].", HelpName = "DIR",
    };

    private readonly Option<long> _rows = new("--rows")
    {
        Description = "How many trips to generate.", HelpName = "N", DefaultValueFactory = _ => TaxiTripsGenerator.DefaultRows,
    };

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Fixes every generated trip.", HelpName = "N", DefaultValueFactory = _ => TaxiTripsGenerator.DefaultSeed,
    };

    private readonly Option<string> _sandbox = SharedOptions.Sandbox();

    private DemoCommand(CliContext context)
    {
        _context = context;
        _rows.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && long.TryParse(result.Tokens[0].Value, out var rows) && rows is < 1000 or > 1_000_000_000)
            {
                result.AddError($"--rows {rows}: 1000 to 1000000000 trips");
            }
        });
    }

    public static Command Create(CliContext context)
    {
        var demo = new DemoCommand(context);
        var command = new Command("demo", "Start a platform, run the taxi job for a data team, show what happened, stop.")
        {
            demo._rows, demo._seed, demo._dataDir, demo._sandbox,
        };
        command.SetAction(demo.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var given = parsed.GetValue(_dataDir);
        var data = string.IsNullOrEmpty(given) ? new DataDirectory(DataDirectory.Resolve(null, _context).In("demo")) : DataDirectory.Resolve(given, _context);
        var options = new PlatformOptions
        {
            Platform = PlatformLoader.Load(PlatformLoader.DefaultBlueprint),
            Source = PlatformLoader.DefaultBlueprint,
            DataDirectory = data.Path,
            Sandbox = parsed.GetValue(_sandbox) == "none" ? SandboxMode.None : SandboxMode.Bubblewrap,
            Home = _context.Home,
        };
        DemoDirectory.StartAfresh(data);
        DemoDirectory.Claim(data);
        var run = new DemoRun(_context, options, parsed.GetValue(_rows), parsed.GetValue(_seed));
        run.Say($"Starting a platform from blueprint {options.Source} in {data.Path} ...");
        return await ForegroundRun.RunAsync(_context, data, options, run.RunAsync, cancellation).ConfigureAwait(false);
    }
}
