using System.Text.Json.Nodes;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Spark;

public sealed class PodBuilderTests
{
    private const string Template = """
        metadata:
          labels: {applicationId: ny-taxi-yunikorn, queue: root.test, spark-role: mine}
          annotations: {yunikorn.apache.org/task-group-name: spark-driver}
        spec:
          volumes: [{name: spark-local-dir-1, hostPath: {path: /mnt/k8s-disks/0, type: Directory}}]
          nodeSelector: {NodeGroupType: SparkMemoryOptimized, topology.kubernetes.io/zone: us-west-2b}
          tolerations: [{key: spark-memory-optimized, operator: Exists, effect: NoSchedule}]
          initContainers: [{name: volume-permission, image: public.ecr.aws/docker/library/busybox, command: [sh, -c, mkdir /data1]}]
          containers:
            - name: spark-kubernetes-driver
              volumeMounts: [{name: spark-local-dir-1, mountPath: /data1, readOnly: false}]
            - name: side
        """;

    private static readonly SparkConf Taxi = SparkConf.Of(new Dictionary<string, string>
    {
        ["spark.driver.cores"] = "1", ["spark.driver.memory"] = "4g", ["spark.executor.cores"] = "1", ["spark.executor.memory"] = "4g",
        ["spark.local.dir"] = "/data1", ["spark.kubernetes.container.image"] = "spark", ["spark.kubernetes.driver.annotation.prometheus.io/scrape"] = "true",
        ["spark.kubernetes.driver.service.annotation.x/y"] = "*", ["spark.kubernetes.driver.label.team"] = "a", ["spark.kubernetes.executor.annotation.id"] = "{{APP_ID}}-{{EXECUTOR_ID}}",
    });

    private static SparkApplication App(SparkConf conf, bool python = true) => new()
    {
        Conf = conf, Namespace = "team-a", Id = "spark-0001", Name = "taxidata", Version = "3.5.3", IsPython = python,
    };

    private static DriverPodObjects Driver(SparkConf conf, string? template = Template, string? executorTemplate = "spec: {}") => DriverPod.Build(new DriverPodRequest
    {
        Application = App(conf), PodName = "spark-0001-driver", Prefix = "taxidata-00ff", UniqueId = "00ff", MainClass = "org.apache.spark.deploy.PythonRunner",
        Resource = "s3://b/pyspark-taxi-trip.py", Arguments = ["in", "out"], ExecutorTemplate = executorTemplate, ServiceAccount = "sa",
        Template = template is null ? PodTemplate.Empty : PodTemplate.Parse(template, SparkRole.Driver, PodTemplateRules.Emr),
        Owner = PodFeatures.Owner("emr.hearth.dev/v1", "JobRun", "0001", "u1"),
    });

    private static JsonObject Executor(SparkConf conf, PodTemplate? template = null, int id = 1, string? localDirs = "/data1") => ExecutorPod.Build(new ExecutorPodRequest
    {
        Application = App(conf), Prefix = "taxidata", Id = id, Template = template ?? PodTemplate.Empty, Driver = ("spark-0001-driver", "u2"), DriverLocalDirs = localDirs,
        DriverUrl = "spark://CoarseGrainedScheduler@taxidata-00ff-driver-svc.team-a.svc:7078", DriverServiceAccount = "sa", ConfigMap = "spark-exec-00ff-conf-map",
    }).Pod;

    private static string Json(JsonNode? node) => node!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string[] Env(JsonNode container) => [.. container["env"]!.AsArray().Select(e => e!["value"] is { } v ? $"{e["name"]}={v}" : e["name"]!.ToString())];

    [Fact]
    public void The_taxi_driver_is_the_one_that_Spark_builds()
    {
        var pod = Driver(Taxi).Pod;
        Json(pod["metadata"]!["labels"]).ShouldBe("""{"applicationId":"ny-taxi-yunikorn","queue":"root.test","spark-role":"driver","team":"a","spark-app-selector":"spark-0001","spark-app-name":"taxidata","spark-version":"3.5.3"}""");
        Json(pod["metadata"]!["annotations"]).ShouldBe("""{"yunikorn.apache.org/task-group-name":"spark-driver","prometheus.io/scrape":"true"}""");
        Json(pod["metadata"]!["ownerReferences"]).ShouldBe("""[{"apiVersion":"emr.hearth.dev/v1","kind":"JobRun","name":"0001","uid":"u1","controller":true}]""");
        pod["spec"]!["restartPolicy"]!.ToString().ShouldBe("Never");
        pod["spec"]!["serviceAccountName"]!.ToString().ShouldBe("sa");
        pod["spec"]!["tolerations"]!.AsArray().Count.ShouldBe(1);
        pod["spec"]!["initContainers"]![0]!["name"]!.ToString().ShouldBe("volume-permission");
        var containers = pod["spec"]!["containers"]!.AsArray();
        containers.Select(c => c!["name"]!.ToString()).ShouldBe(["side", "spark-kubernetes-driver"], "the Spark container goes last");
        var main = containers[1]!;
        Json(main["args"]).ShouldBe("""["driver","--properties-file","/opt/spark/conf/spark.properties","--class","org.apache.spark.deploy.PythonRunner","s3://b/pyspark-taxi-trip.py","in","out"]""");
        Json(main["resources"]).ShouldBe("""{"requests":{"cpu":"1","memory":"5734Mi"},"limits":{"memory":"5734Mi"}}""");
        Env(main).ShouldBe(["SPARK_USER=hadoop", "SPARK_APPLICATION_ID=spark-0001", "SPARK_DRIVER_BIND_ADDRESS", "SPARK_LOCAL_DIRS=/data1", "SPARK_CONF_DIR=/opt/spark/conf"]);
        main["volumeMounts"]!.AsArray().Select(m => $"{m!["name"]}:{m["mountPath"]}").ShouldBe(
            ["spark-local-dir-1:/data1", "pod-template-volume:/opt/spark/pod-template", "spark-conf-volume-driver:/opt/spark/conf"]);
        pod["spec"]!["volumes"]!.AsArray().Select(v => v!["name"]!.ToString()).ShouldBe(["spark-local-dir-1", "pod-template-volume", "spark-conf-volume-driver"]);
    }

    [Fact]
    public void Around_the_driver_are_settings_template_and_service()
    {
        var built = Driver(Taxi);
        built.ConfigMaps.Select(c => c["metadata"]!["name"]!.ToString()).ShouldBe(["spark-drv-00ff-conf-map", "taxidata-00ff-driver-podspec-conf-map"]);
        built.ConfigMaps[0]["immutable"]!.GetValue<bool>().ShouldBeTrue();
        var properties = PropertiesText.Read(built.ConfigMaps[0]["data"]!["spark.properties"]!.ToString()).ToDictionary(p => p.Key, p => p.Value);
        properties["spark.kubernetes.memoryOverheadFactor"].ShouldBe("0.4");
        properties["spark.kubernetes.driver.pod.name"].ShouldBe("spark-0001-driver");
        properties["spark.kubernetes.executor.podTemplateFile"].ShouldBe("/opt/spark/pod-template/pod-spec-template.yml");
        properties["spark.driver.host"].ShouldBe("taxidata-00ff-driver-svc.team-a.svc");
        built.Service["metadata"]!["name"]!.ToString().ShouldBe("taxidata-00ff-driver-svc");
        built.Service["spec"]!["clusterIP"]!.ToString().ShouldBe("None");
        built.Service["metadata"]!["annotations"]!["x/y"]!.ToString().ShouldBe("*");
        Json(built.Service["spec"]!["selector"]).ShouldBe(Json(built.Pod["metadata"]!["labels"]));
    }

    [Fact]
    public void The_taxi_executor_is_the_one_that_Spark_builds()
    {
        var template = PodTemplate.Parse(Template.Replace("driver", "executor"), SparkRole.Executor, PodTemplateRules.Emr);
        var pod = Executor(Taxi, template);
        pod["metadata"]!["name"]!.ToString().ShouldBe("taxidata-exec-1");
        Json(pod["metadata"]!["labels"]).ShouldBe("""{"applicationId":"ny-taxi-yunikorn","queue":"root.test","spark-role":"executor","spark-app-selector":"spark-0001","spark-app-name":"taxidata","spark-version":"3.5.3","spark-exec-id":"1","spark-exec-resourceprofile-id":"0"}""");
        pod["metadata"]!["annotations"]!["id"]!.ToString().ShouldBe("spark-0001-1");
        Json(pod["metadata"]!["ownerReferences"]).ShouldBe("""[{"apiVersion":"v1","kind":"Pod","name":"spark-0001-driver","uid":"u2","controller":true}]""");
        pod["spec"]!["hostname"]!.ToString().ShouldBe("taxidata-exec-1");
        var main = pod["spec"]!["containers"]![1]!;
        Json(main["args"]).ShouldBe("""["executor"]""");
        Json(main["ports"]).ShouldBe("""[{"name":"blockmanager","containerPort":7079,"protocol":"TCP"}]""");
        Json(main["resources"]).ShouldBe("""{"requests":{"cpu":"1","memory":"5734Mi"},"limits":{"memory":"5734Mi"}}""");
        Env(main).ShouldBe([
            "SPARK_USER=hadoop", "SPARK_DRIVER_URL=spark://CoarseGrainedScheduler@taxidata-00ff-driver-svc.team-a.svc:7078", "SPARK_EXECUTOR_CORES=1",
            "SPARK_EXECUTOR_MEMORY=4096m", "SPARK_APPLICATION_ID=spark-0001", "SPARK_CONF_DIR=/opt/spark/conf", "SPARK_EXECUTOR_ID=1", "SPARK_RESOURCE_PROFILE_ID=0",
            "SPARK_EXECUTOR_POD_IP", "SPARK_EXECUTOR_POD_NAME", "SPARK_LOCAL_DIRS=/data1"]);
        main["volumeMounts"]!.AsArray().Select(m => $"{m!["name"]}:{m["mountPath"]}").ShouldBe(["spark-local-dir-1:/data1", "spark-conf-volume-exec:/opt/spark/conf"]);
    }

    [Fact]
    public void Without_a_template_local_directories_are_empty_dirs()
    {
        var pod = Driver(Taxi, null, null).Pod;
        pod["spec"]!["volumes"]![0]!.ToJsonString().ShouldBe("""{"name":"spark-local-dir-1","emptyDir":{}}""");
        Env(pod["spec"]!["containers"]![0]!).ShouldContain("SPARK_LOCAL_DIRS=/data1");
        Env(Driver(Taxi.Without("spark.local.dir"), null, null).Pod["spec"]!["containers"]![0]!).ShouldContain("SPARK_LOCAL_DIRS=/var/data/spark-00ff");
    }

    [Fact]
    public void Claims_on_demand_are_made_for_each_executor_and_belong_to_the_driver()
    {
        var conf = Taxi.With(new Dictionary<string, string>
        {
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName"] = "OnDemand",
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.storageClass"] = "ebs",
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.sizeLimit"] = "50Gi",
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path"] = "/data",
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-spill.options.claimName"] = "OnDemand",
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-spill.options.storageClass"] = "ebs",
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-spill.options.sizeLimit"] = "50Gi",
            ["spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-spill.mount.path"] = "/var/data/spill",
        });
        var built = ExecutorPod.Build(new ExecutorPodRequest { Application = App(conf), Prefix = "taxidata-ebs", Id = 3, Driver = ("d", "u2"), DriverUrl = "spark://x" });
        built.Claims.Select(c => c["metadata"]!["name"]!.ToString()).ShouldBe(["taxidata-ebs-exec-3-pvc-0", "taxidata-ebs-exec-3-pvc-1"]);
        Json(built.Claims[0]["spec"]).ShouldBe("""{"storageClassName":"ebs","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"50Gi"}}}""");
        built.Claims[0]["metadata"]!["ownerReferences"]![0]!["uid"]!.ToString().ShouldBe("u2");
        Env(built.Pod["spec"]!["containers"]![0]!).ShouldContain("SPARK_LOCAL_DIRS=/var/data/spill");
    }

    [Fact]
    public void A_volume_already_at_the_local_directory_is_used_as_it_is()
    {
        var conf = Taxi.With("spark.local.dir", "/data").With(new Dictionary<string, string>
        {
            ["spark.kubernetes.driver.volumes.persistentVolumeClaim.data.options.claimName"] = "spark-driver-pvc",
            ["spark.kubernetes.driver.volumes.persistentVolumeClaim.data.mount.path"] = "/data",
        });
        var main = Driver(conf, null, null).Pod["spec"]!["containers"]![0]!;
        main["volumeMounts"]!.AsArray().Count(m => m!["mountPath"]!.ToString() == "/data").ShouldBe(1);
        Env(main).ShouldContain("SPARK_LOCAL_DIRS=/data");
    }

    [Theory]
    [InlineData("spark.driver.host", "x", "spark.driver.host is not supported in Kubernetes mode")]
    [InlineData("spark.kubernetes.driver.label.spark-role", "x", "reserved for Spark's internal operations")]
    [InlineData("spark.kubernetes.driver.volumes.floppy.a.mount.path", "/a", "Unsupported volume type `floppy`")]
    [InlineData("spark.kubernetes.driver.volumes.hostPath.a.mount.path", "/a", "spark.kubernetes.driver.volumes.hostPath.a.options.path is missing")]
    [InlineData("spark.kubernetes.driver.volumes.emptyDir.a.options.medium", "Memory", "spark.kubernetes.driver.volumes.emptyDir.a.mount.path is missing")]
    [InlineData("spark.driver.resource.gpu.amount", "1", "vendor was not specified")]
    public void Wrong_settings_are_named(string key, string value, string message) =>
        Should.Throw<SparkConfException>(() => Driver(Taxi.With(key, value))).Message.ShouldContain(message);

    [Fact]
    public void Two_volumes_at_one_path_are_refused()
    {
        var conf = Taxi.With("spark.kubernetes.driver.volumes.emptyDir.a.mount.path", "/a").With("spark.kubernetes.driver.volumes.emptyDir.b.mount.path", "/a");
        Should.Throw<SparkConfException>(() => Driver(conf)).Message.ShouldBe("Found duplicated mountPath: `/a`");
    }

    [Fact]
    public void Limits_selectors_secrets_and_schedulers_come_from_settings()
    {
        var conf = Taxi.With(new Dictionary<string, string>
        {
            ["spark.kubernetes.executor.request.cores"] = "500m", ["spark.kubernetes.executor.limit.cores"] = "2", ["spark.kubernetes.scheduler.name"] = "yunikorn",
            ["spark.kubernetes.node.selector.a"] = "1", ["spark.kubernetes.executor.node.selector.b"] = "2", ["spark.kubernetes.executor.secrets.keys"] = "/etc/keys",
            ["spark.kubernetes.executor.secretKeyRef.TOKEN"] = "keys:token", ["spark.executorEnv.X"] = "y", ["spark.executor.resource.gpu.amount"] = "1", ["spark.executor.resource.gpu.vendor"] = "nvidia.com",
        });
        var pod = Executor(conf);
        var main = pod["spec"]!["containers"]![0]!;
        Json(main["resources"]).ShouldBe("""{"requests":{"cpu":"500m","memory":"5734Mi"},"limits":{"cpu":"2","memory":"5734Mi","nvidia.com/gpu":"1"}}""");
        Json(pod["spec"]!["nodeSelector"]).ShouldBe("""{"a":"1","b":"2"}""");
        pod["spec"]!["schedulerName"]!.ToString().ShouldBe("yunikorn");
        Env(main).ShouldContain("X=y");
        Env(main).ShouldContain("SPARK_EXECUTOR_CORES=1");
        main["env"]!.AsArray().Single(e => e!["name"]!.ToString() == "TOKEN")!["valueFrom"]!["secretKeyRef"]!["key"]!.ToString().ShouldBe("token");
        main["volumeMounts"]!.AsArray().ShouldContain(m => m!["mountPath"]!.ToString() == "/etc/keys");
    }
}
