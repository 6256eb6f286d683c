namespace Hearth.Scheduling.Resources;

/// <summary>Names of resources as pods and nodes carry them.</summary>
public static class ResourceNames
{
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string EphemeralStorage = "ephemeral-storage";
    public const string Pods = "pods";
    public const string NvidiaGpu = "nvidia.com/gpu";
    public const string AmdGpu = "amd.com/gpu";
    public const string Neuron = "aws.amazon.com/neuron";
    public const string NeuronCore = "aws.amazon.com/neuroncore";
    public const string Gaudi = "habana.ai/gaudi";
    public const string PodEni = "vpc.amazonaws.com/pod-eni";
}
