namespace Hearth.Jobs.Service;

/// <summary>An error of the caller that the API names; the message is for the caller's eyes.</summary>
public abstract class JobException(string message) : Exception(message);

/// <summary>The API's ValidationException.</summary>
public sealed class JobValidationException : JobException
{
    /// <summary>A rule of the service was broken.</summary>
    /// <param name="message">What and how to go on.</param>
    /// <param name="field">Path of the member, for example <c>jobDriver.sparkSubmitJobDriver.entryPoint</c>; null when it is about the whole request.</param>
    public JobValidationException(string message, string? field = null)
        : base(message) => Fields = field is null ? [] : [field];

    /// <summary>Constraints of the service model were broken.</summary>
    public JobValidationException(string message, IReadOnlyList<string> fields)
        : base(message) => Fields = fields;

    /// <summary>Paths of the wrong members.</summary>
    public IReadOnlyList<string> Fields { get; }
}

/// <summary>The API's ResourceNotFoundException.</summary>
public sealed class JobNotFoundException(string message) : JobException(message);

/// <summary>A client token used again for another request. The API shows it as a ValidationException.</summary>
public sealed class JobConflictException(string message) : JobException(message);

/// <summary>The service's unmodelled BadRequestException.</summary>
public sealed class JobBadRequestException(string message) : JobException(message);
