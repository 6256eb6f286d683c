using System.Globalization;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Install;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>
/// Progress on a terminal: a line for each step that has ended, and below them one that is redrawn with what happens now: the step, resources of its stack, time.
/// What failed stays as a line of its own.
/// </summary>
internal sealed class LiveSteps : IDeliveryProgress, IDisposable
{
    private const string Redraw = "\r\u001b[K";
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly CliContext _context;
    private readonly Func<int> _width;
    private readonly Lock _lines = new();
    private readonly ITimer _timer;
    private LiveStep? _now;

    /// <param name="context">Where to draw.</param>
    /// <param name="width">Characters of a line.</param>
    public LiveSteps(CliContext context, Func<int> width)
    {
        (_context, _width) = (context, width);
        _timer = context.Clock.CreateTimer(_ => Draw(), null, Tick, Tick);
    }

    public void Starting(Step step, int number, int of)
    {
        lock (_lines)
        {
            _now = new LiveStep(string.Create(CultureInfo.InvariantCulture, $"[{number}/{of}] {step.Title}"), _context.Clock.GetUtcNow(), null, "");
        }

        Draw();
    }

    public void Line(string text)
    {
        lock (_lines)
        {
            var happened = StackEvent.Parse(text);
            _now = happened is null ? _now is null ? null : _now with { Last = text.Trim() } : _now is null ? null : _now with { Event = happened, Last = "" };
            if (happened is { Failed: true })
            {
                _context.Error.Write($"{Redraw}        {text.Trim()}\n");
            }
        }

        Draw();
    }

    public void Finished(Step step, bool skipped)
    {
        lock (_lines)
        {
            if (_now is { } done)
            {
                _context.Error.Write($"{Redraw}{done.Ended(_context.Clock.GetUtcNow(), skipped)}\n");
            }

            _now = null;
        }
    }

    /// <summary>Leaves the cursor at the beginning of an empty line, whatever happened.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lines)
        {
            _context.Error.Write(_now is { } broken ? $"{Redraw}{broken.Broken(_context.Clock.GetUtcNow())}\n" : Redraw);
            _now = null;
        }
    }

    private void Draw()
    {
        lock (_lines)
        {
            if (_now is { } now)
            {
                _context.Error.Write($"{Redraw}{now.Text(_context.Clock.GetUtcNow(), _width())}");
                _context.Error.Flush();
            }
        }
    }
}

/// <summary>A step that is under way, as a line. Pure.</summary>
/// <param name="Title">With its number.</param>
/// <param name="Since">When it began.</param>
/// <param name="Event">The last event of its stack.</param>
/// <param name="Last">The last line that its program said, when that was no event.</param>
internal sealed record LiveStep(string Title, DateTimeOffset Since, StackEvent? Event, string Last)
{
    /// <summary>The line now, cut to a terminal's width.</summary>
    public string Text(DateTimeOffset now, int width)
    {
        string[] parts = [$"{Title}  {Elapsed(now)}", Resources(), Event is null || Last.Length > 0 ? Last : $"{Event.Status} {Event.Type}"];
        var line = string.Join("  ", parts.Where(p => p.Length > 0));
        return line.Length < width || width < 2 ? line : $"{line[..(width - 2)]}…";
    }

    /// <summary>The line that stays when the step has ended.</summary>
    public string Ended(DateTimeOffset now, bool skipped) => skipped ? $"{Title}  already done" : $"{Title}  done in {Elapsed(now)}{(Event is null ? "" : $", {Resources()}")}";

    /// <summary>The line that stays when the step failed or was stopped.</summary>
    public string Broken(DateTimeOffset now) => $"{Title}  not done, after {Elapsed(now)}";

    private string Resources() => Event switch
    {
        null => "",
        { Of: { } of } => string.Create(CultureInfo.InvariantCulture, $"{Event.Done} of {of} resources"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Event.Done} resources"),
    };

    private string Elapsed(DateTimeOffset now)
    {
        var time = now - Since;
        return time.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Seconds} s") : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s");
    }
}
