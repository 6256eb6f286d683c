namespace Hearth.Delivery.Install;

/// <summary>Told what happens, step by step.</summary>
public interface IDeliveryProgress
{
    void Starting(Step step, int number, int of);

    void Line(string text);

    void Finished(Step step, bool skipped);
}
