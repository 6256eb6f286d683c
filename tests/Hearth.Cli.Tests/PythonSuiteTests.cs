using Hearth.Cli.Commands.Test;

namespace Hearth.Cli.Tests;

public sealed class PythonSuiteTests
{
    [Theory]
    [InlineData("Ran 12 tests in 0.1s\n\nOK\n", 0, 12, 0, 0)]
    [InlineData("Ran 1 test in 0.1s\n\nOK (skipped=1)\n", 0, 0, 0, 1)]
    [InlineData("Ran 9 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n", 1, 3, 3, 3)]
    [InlineData("Ran 4 tests in 0.1s\n\nFAILED (unexpected successes=1)\n", 1, 3, 1, 0)]
    [InlineData("Ran 0 tests in 0.0s\n\nNO TESTS RAN\n", 5, 0, 0, 0)]
    public void The_runners_last_lines_are_counted(string output, int exitCode, int passed, int failed, int skipped)
    {
        var result = PythonSuite.Read(new ProcessOutcome(exitCode, output, 0.1, TimedOut: false));

        (result.Passed, result.Failed, result.Skipped).ShouldBe((passed, failed, skipped));
    }

    [Theory]
    [InlineData("Segmentation fault\n", -11, false)]
    [InlineData("Ran 3 tests in 0.1s\n\nOK\n", 1, false)]
    [InlineData("Ran 3 tests in 0.1s\n\nOK\n", -1, true)]
    public void A_suite_that_ends_badly_is_one_failure(string output, int exitCode, bool timedOut) =>
        PythonSuite.Read(new ProcessOutcome(exitCode, output, 0.1, timedOut)).Failed.ShouldBe(1);
}
