namespace Hearth.Jobs.Model;

/// <summary>What a job run executes; exactly one member is set. Shapes and words are those of the EMR on EKS API (2020-10-01).</summary>
public sealed record JobDriver
{
    public SparkSubmitJobDriver? SparkSubmitJobDriver { get; init; }
    public SparkSqlJobDriver? SparkSqlJobDriver { get; init; }
}

/// <summary>A program for <c>spark-submit</c>. All members may hold secrets: never log them.</summary>
public sealed record SparkSubmitJobDriver
{
    /// <summary><c>s3://…</c> or <c>local:///…</c>; 1 to 256 characters.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>Arguments of the program, each 1 to 10280 characters.</summary>
    public IReadOnlyList<string>? EntryPointArguments { get; init; }

    /// <summary>Options as on a <c>spark-submit</c> command line; 1 to 102400 characters.</summary>
    public string? SparkSubmitParameters { get; init; }
}

/// <summary>A SQL file for <c>spark-sql</c>.</summary>
public sealed record SparkSqlJobDriver
{
    /// <summary>The SQL file, <c>s3://…</c>; 1 to 256 characters.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>Options as on a <c>spark-sql</c> command line; 1 to 102400 characters.</summary>
    public string? SparkSqlParameters { get; init; }
}

/// <summary>How often a failed driver is started again.</summary>
/// <param name="MaxAttempts">1 (no retry) to 2147483647.</param>
public sealed record RetryPolicyConfiguration(int? MaxAttempts);

/// <summary>How far the retry policy has got.</summary>
/// <param name="CurrentAttemptCount">1 for the first attempt.</param>
public sealed record RetryPolicyExecution(int CurrentAttemptCount);
