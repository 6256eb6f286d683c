namespace Hearth.Aws.Http;

/// <summary>Wire protocols of AWS services; they differ in the shape of errors.</summary>
public enum AwsProtocol
{
    /// <summary>JSON bodies, operation by method and path (emr-containers, eks).</summary>
    RestJson,

    /// <summary>JSON bodies, operation in <c>X-Amz-Target</c> (logs, athena, glue).</summary>
    JsonRpc,

    /// <summary>The XML of S3.</summary>
    RestXml,

    /// <summary>Form in, XML out (sts, iam, elasticloadbalancing).</summary>
    Query,

    /// <summary>EC2's dialect of <see cref="Query"/>.</summary>
    Ec2Query,
}
