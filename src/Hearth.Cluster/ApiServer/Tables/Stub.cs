namespace Hearth.Cluster.ApiServer.Tables;
internal static class CoreTables
{
    public static TableLayout Service => TableLayout.NameAndAge;
    public static TableLayout Secret => TableLayout.NameAndAge;
    public static TableLayout ServiceAccount => TableLayout.NameAndAge;
    public static TableLayout Endpoints => TableLayout.NameAndAge;
    public static TableLayout Namespace => TableLayout.NameAndAge;
    public static TableLayout ConfigMap => TableLayout.NameAndAge;
}
internal static class PodTable
{
    public static TableLayout Layout => TableLayout.NameAndAge;
}
internal static class NodeTable
{
    public static TableLayout Layout => TableLayout.NameAndAge;
}
internal static class EventTable
{
    public static TableLayout Layout => TableLayout.NameAndAge;
    public static TableLayout ModernLayout => TableLayout.NameAndAge;
}
internal static class StorageTables
{
    public static TableLayout CsiNode => TableLayout.NameAndAge;
    public static TableLayout PersistentVolumeClaim => TableLayout.NameAndAge;
    public static TableLayout VolumeAttachment => TableLayout.NameAndAge;
    public static TableLayout CsiDriver => TableLayout.NameAndAge;
    public static TableLayout StorageClass => TableLayout.NameAndAge;
    public static TableLayout PersistentVolume => TableLayout.NameAndAge;
}
internal static class PolicyTables
{
    public static TableLayout RoleBinding => TableLayout.NameAndAge;
    public static TableLayout PodDisruptionBudget => TableLayout.NameAndAge;
    public static TableLayout NameAndCreated => TableLayout.NameAndAge;
    public static TableLayout ResourceQuota => TableLayout.NameAndAge;
    public static TableLayout NetworkPolicy => TableLayout.NameAndAge;
    public static TableLayout Lease => TableLayout.NameAndAge;
    public static TableLayout IngressClass => TableLayout.NameAndAge;
    public static TableLayout Ingress => TableLayout.NameAndAge;
    public static TableLayout PriorityClass => TableLayout.NameAndAge;
}
internal static class WorkloadTables
{
    public static TableLayout DaemonSet => TableLayout.NameAndAge;
    public static TableLayout Deployment => TableLayout.NameAndAge;
    public static TableLayout StatefulSet => TableLayout.NameAndAge;
    public static TableLayout CronJob => TableLayout.NameAndAge;
    public static TableLayout ReplicaSet => TableLayout.NameAndAge;
    public static TableLayout Job => TableLayout.NameAndAge;
}
