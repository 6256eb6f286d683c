using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers;

/// <summary>Amazon EMR on EKS (API 2020-10-01): a codec over <see cref="IJobService"/>, which validates the requests.</summary>
internal sealed class EmrContainersService(IJobService jobs, IEmrAccess access, JobServiceOptions names) : IAwsService
{
    private readonly EmrOperations _operations = new(jobs, new EmrGate(access, jobs, names));

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["emr-containers"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.RestJson;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public async Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var (operation, labels) = _operations.Find(request.Method, request.Segments())
            ?? throw new AwsException(404, "UnknownOperationException", $"{request.Method} {request.RawPath} is no operation of emr-containers.");
        await JsonAnswer.WriteAsync(request, await AnswerAsync(operation, new EmrCall(operation.Name, request, body, labels)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<JsonObject> AnswerAsync(EmrOperation operation, EmrCall call)
    {
        try
        {
            return await operation.Answer(call).ConfigureAwait(false);
        }
        catch (JobNotFoundException e)
        {
            throw new AwsException(400, "ResourceNotFoundException", e.Message);
        }
        catch (JobBadRequestException e)
        {
            throw new AwsException(400, "BadRequestException", e.Message);
        }
        catch (JobException e)
        {
            throw new AwsException(400, "ValidationException", e.Message);
        }
    }
}
