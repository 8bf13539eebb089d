using DaprRollouts.DevCluster.Resources.Rules;
using DaprRollouts.DevCluster.Tables;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>The kinds that the API server brings along.</summary>
internal static class BuiltinResources
{
    private static readonly ScalePaths Replicas = new(["spec", "replicas"], ["status", "replicas"], null);

    private static readonly Dictionary<string, string> Scalable = new() { ["scale"] = "Scale" };

    public static IEnumerable<ResourceType> All => [.. Core, .. Workloads, .. Networking, .. Others];

    private static IEnumerable<ResourceType> Core =>
    [
        Make("", "v1", "ConfigMap", "configmaps", columns: OtherColumns.ConfigMap, shortNames: ["cm"]),
        Make("", "v1", "Endpoints", "endpoints", OtherRules.Endpoints, NetworkColumns.Endpoints, ["ep"]),
        Make("", "v1", "Event", "events", OtherRules.Event, OtherColumns.Event, ["ev"], fields: SelectableFields.Event),
        Make("", "v1", "LimitRange", "limitranges", shortNames: ["limits"]),
        Make("", "v1", "Namespace", "namespaces", OtherRules.Namespace, OtherColumns.Namespace, ["ns"], isNamespaced: false, hasStatus: true,
            fields: SelectableFields.Namespace, subresources: new() { ["finalize"] = "Namespace" }),
        Make("", "v1", "Node", "nodes", OtherRules.WithEmpty("status"), OtherColumns.Node, ["no"], isNamespaced: false, hasStatus: true, fields: SelectableFields.Node),
        Make("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", OtherRules.Claim, OtherColumns.NameAndAge, ["pvc"], hasStatus: true),
        Make("", "v1", "PersistentVolume", "persistentvolumes", columns: OtherColumns.NameAndAge, shortNames: ["pv"], isNamespaced: false, hasStatus: true),
        Make("", "v1", "Pod", "pods", PodRules.Pod, PodColumns.All, ["po"], hasStatus: true, categories: ["all"], fields: SelectableFields.Pod,
            subresources: new() { ["binding"] = "Binding", ["eviction"] = "Eviction", ["log"] = "Pod" }, statusMayLabel: true),
        Make("", "v1", "PodTemplate", "podtemplates"),
        Make("", "v1", "ReplicationController", "replicationcontrollers", shortNames: ["rc"], hasStatus: true, tracksGeneration: true, scale: Replicas, categories: ["all"]),
        Make("", "v1", "ResourceQuota", "resourcequotas", shortNames: ["quota"], hasStatus: true),
        Make("", "v1", "Secret", "secrets", OtherRules.Secret, OtherColumns.Secret, fields: SelectableFields.Secret),
        Make("", "v1", "ServiceAccount", "serviceaccounts", columns: OtherColumns.ServiceAccount, shortNames: ["sa"]),
        Make("", "v1", "Service", "services", ServiceRules.Service, NetworkColumns.Service, ["svc"], hasStatus: true, categories: ["all"], statusMayLabel: true),
    ];

    private static IEnumerable<ResourceType> Workloads =>
    [
        Make("apps", "v1", "ControllerRevision", "controllerrevisions"),
        Make("apps", "v1", "DaemonSet", "daemonsets", WorkloadRules.DaemonSet, WorkloadColumns.DaemonSet, ["ds"], hasStatus: true, tracksGeneration: true, categories: ["all"]),
        Make("apps", "v1", "Deployment", "deployments", WorkloadRules.Deployment, WorkloadColumns.Deployment, ["deploy"], hasStatus: true, tracksGeneration: true, scale: Replicas, categories: ["all"]),
        Make("apps", "v1", "ReplicaSet", "replicasets", WorkloadRules.ReplicaSet, WorkloadColumns.ReplicaSet, ["rs"], hasStatus: true, tracksGeneration: true, scale: Replicas, categories: ["all"],
            fields: SelectableFields.ReplicaSet, statusMayLabel: true),
        Make("apps", "v1", "StatefulSet", "statefulsets", WorkloadRules.StatefulSet, WorkloadColumns.StatefulSet, ["sts"], hasStatus: true, tracksGeneration: true, scale: Replicas, categories: ["all"]),
        Make("batch", "v1", "Job", "jobs", JobRules.Job, WorkloadColumns.Job, hasStatus: true, categories: ["all"], fields: SelectableFields.Job, statusMayLabel: true),
        Make("batch", "v1", "CronJob", "cronjobs", JobRules.CronJob, WorkloadColumns.CronJob, ["cj"], hasStatus: true, categories: ["all"], typedAs: "v1beta1"),
        Make("batch", "v1beta1", "CronJob", "cronjobs", JobRules.CronJob, WorkloadColumns.CronJob, ["cj"], hasStatus: true, categories: ["all"]),
    ];

    private static IEnumerable<ResourceType> Networking =>
    [
        Make("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", OtherRules.EndpointSlice, NetworkColumns.EndpointSlice, typedAs: "v1beta1", tracksGeneration: true),
        Make("discovery.k8s.io", "v1beta1", "EndpointSlice", "endpointslices", OtherRules.EndpointSlice, NetworkColumns.EndpointSlice, tracksGeneration: true),
        Make("networking.k8s.io", "v1", "Ingress", "ingresses", OtherRules.Ingress, NetworkColumns.Ingress, ["ing"], hasStatus: true, tracksGeneration: true),
        Make("networking.k8s.io", "v1", "IngressClass", "ingressclasses", isNamespaced: false, tracksGeneration: true),
        Make("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", OtherRules.NetworkPolicy, shortNames: ["netpol"], tracksGeneration: true),
    ];

    private static IEnumerable<ResourceType> Others =>
    [
        Make("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", isNamespaced: false, tracksGeneration: true),
        Make("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", isNamespaced: false, tracksGeneration: true),
        Make("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", DefinitionRules.Definition, OtherColumns.NameAndCreation, ["crd", "crds"],
            isNamespaced: false, hasStatus: true, tracksGeneration: true),
        Make("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", OtherRules.AutoscalerV1, OtherColumns.Autoscaler, ["hpa"], hasStatus: true, categories: ["all"]),
        Make("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", OtherRules.Autoscaler, OtherColumns.Autoscaler, ["hpa"], hasStatus: true, categories: ["all"], typedAs: "v2beta2"),
        Make("autoscaling", "v2beta2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", OtherRules.Autoscaler, OtherColumns.Autoscaler, ["hpa"], hasStatus: true, categories: ["all"]),
        Make("coordination.k8s.io", "v1", "Lease", "leases", columns: OtherColumns.Lease),
        Make("events.k8s.io", "v1", "Event", "events", columns: OtherColumns.Event, shortNames: ["ev"], storedAs: "events", fields: SelectableFields.Event),
        Make("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", OtherRules.DisruptionBudget, OtherColumns.DisruptionBudget, ["pdb"], hasStatus: true, tracksGeneration: true, typedAs: "v1beta1"),
        Make("policy", "v1beta1", "PodDisruptionBudget", "poddisruptionbudgets", OtherRules.DisruptionBudget, OtherColumns.DisruptionBudget, ["pdb"], hasStatus: true, tracksGeneration: true),
        Make("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", OtherRules.Binding, OtherColumns.Binding, isNamespaced: false),
        Make("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", isNamespaced: false),
        Make("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", OtherRules.Binding, OtherColumns.Binding),
        Make("rbac.authorization.k8s.io", "v1", "Role", "roles"),
        Make("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", shortNames: ["pc"], isNamespaced: false),
        Make("storage.k8s.io", "v1", "StorageClass", "storageclasses", shortNames: ["sc"], isNamespaced: false),
    ];

    private static ResourceType Make(
        string group, string version, string kind, string plural, KindRules? rules = null, IReadOnlyList<TableColumn>? columns = null,
        string[]? shortNames = null, bool isNamespaced = true, bool hasStatus = false, bool tracksGeneration = false, ScalePaths? scale = null,
        string[]? categories = null, IReadOnlyDictionary<string, Func<System.Text.Json.Nodes.JsonObject, string>>? fields = null,
        Dictionary<string, string>? subresources = null, string? typedAs = null, string? storedAs = null, bool statusMayLabel = false) => new()
        {
            Group = group,
            Version = version,
            Kind = kind,
            Plural = plural,
            ShortNames = shortNames ?? [],
            Categories = categories ?? [],
            IsNamespaced = isNamespaced,
            HasStatus = hasStatus,
            TracksGeneration = tracksGeneration,
            StatusMayLabel = statusMayLabel,
            Scale = scale,
            Subresources = subresources ?? (scale is null ? [] : Scalable),
            StoredAs = storedAs,
            Shape = TypeTable.Kubernetes.OfKind(group, typedAs ?? version, kind),
            Rules = rules ?? KindRules.None,
            Columns = columns ?? [],
            SelectableFields = fields ?? new Dictionary<string, Func<System.Text.Json.Nodes.JsonObject, string>>(),
        };
}
