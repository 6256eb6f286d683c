using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.S3.Api;
using Microsoft.AspNetCore.Http;

namespace Hearth.Aws.Http;

/// <summary>Writes errors in the shape of each protocol.</summary>
internal static class ErrorWriter
{
    /// <summary>Answers with an error.</summary>
    public static async Task WriteAsync(HttpContext http, AwsProtocol protocol, string service, string requestId, AwsException error)
    {
        var response = http.Response;
        response.Clear();
        WriteRequestId(response, protocol, requestId);
        if (http.Request.Headers.Expect.Count > 0)
        {
            // The client may keep back the body that it offered; the next bytes of this connection could then be taken for it.
            response.Headers.Connection = "close";
        }
        response.StatusCode = error.Status;
        foreach (var (name, value) in error.Headers)
        {
            response.Headers[name] = value;
        }
        var (contentType, text) = protocol switch
        {
            AwsProtocol.RestJson => ("application/json", Json(error, withType: false)),
            AwsProtocol.JsonRpc => ("application/x-amz-json-1.1", Json(error, withType: true)),
            AwsProtocol.RestXml => ("application/xml", S3(http, requestId, error)),
            AwsProtocol.Ec2Query => ("text/xml", Ec2(requestId, error)),
            _ => ("text/xml", Query(service, requestId, error)),
        };
        if (protocol is AwsProtocol.RestJson or AwsProtocol.JsonRpc)
        {
            response.Headers["x-amzn-ErrorType"] = error.Code;
        }
        response.ContentType = contentType;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Names the request in the response.</summary>
    public static void WriteRequestId(HttpResponse response, AwsProtocol protocol, string requestId)
    {
        if (protocol == AwsProtocol.RestXml)
        {
            response.Headers["x-amz-request-id"] = requestId;
            response.Headers["x-amz-id-2"] = requestId;
        }
        else
        {
            response.Headers["x-amzn-RequestId"] = requestId;
        }
    }

    private static string Json(AwsException error, bool withType)
    {
        var body = new JsonObject { ["message"] = error.Message };
        if (withType)
        {
            body["__type"] = error.Code;
        }
        return Encoding.UTF8.GetString(JsonAnswer.Bytes(body));
    }

    private static string S3(HttpContext http, string requestId, AwsException error)
    {
        var xml = new XmlText().Open("Error").Add("Code", error.Code).Add("Message", error.Message);
        foreach (var (name, value) in error.Details)
        {
            xml.Add(name, value);
        }
        return xml.Add("Resource", http.Request.Path.Value).Add("RequestId", requestId).Add("HostId", requestId).Close("Error").ToString();
    }

    private static string Query(string service, string requestId, AwsException error)
    {
        var xmlns = service switch
        {
            "sts" => "https://sts.amazonaws.com/doc/2011-06-15/",
            "iam" => "https://iam.amazonaws.com/doc/2010-05-08/",
            "elasticloadbalancing" => "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
            _ => null,
        };
        return new XmlText().Open("ErrorResponse", xmlns)
            .Open("Error").Add("Type", error.Status < 500 ? "Sender" : "Receiver").Add("Code", error.Code).Add("Message", error.Message).Close("Error")
            .Add("RequestId", requestId).Close("ErrorResponse").ToString();
    }

    private static string Ec2(string requestId, AwsException error) => new XmlText()
        .Open("Response").Open("Errors").Open("Error").Add("Code", error.Code).Add("Message", error.Message).Close("Error").Close("Errors")
        .Add("RequestID", requestId).Close("Response").ToString();
}
