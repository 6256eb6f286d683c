using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>What the binder asks its session.</summary>
internal interface IBindingEnvironment
{
    /// <summary>Session time zone.</summary>
    TimeZoneInfo Zone { get; }

    /// <summary>The Spark whose rules hold.</summary>
    Session.SparkRelease Release { get; }

    /// <summary>Database that unqualified names are in.</summary>
    string CurrentDatabase { get; }

    /// <summary>The definition of a temporary or stored view, or null.</summary>
    Relation? FindView(Seq<string> name);

    /// <summary>A scan of a catalog table, or null.</summary>
    BoundPlan? ScanTable(Seq<string> name, Binder binder);

    /// <summary>A scan of a table as it was at a version or a time (constants, one of them given); null when there is no such table.</summary>
    BoundPlan? ScanVersion(Seq<string> name, BoundExpr? version, BoundExpr? time, Binder binder);

    /// <summary>A scan of files.</summary>
    BoundPlan ScanFiles(FileRelation files, Binder binder);

    /// <summary>Rows kept by a cache request.</summary>
    BoundPlan ScanCache(string id, Binder binder);

    /// <summary>A scan of rows that the client sent.</summary>
    BoundPlan ScanRows(LocalRelation rows, Binder binder);

    /// <summary>Names of views and tables, for suggestions.</summary>
    IEnumerable<string> RelationNames { get; }

    /// <summary>A function of the session, or null.</summary>
    Functions.FunctionDefinition? FindFunction(string name);

    /// <summary>The value of a session variable and how many name parts it took, or null.</summary>
    (BoundExpr Value, int Used)? FindVariable(Seq<string> name);

    /// <summary>Value of a setting, or null.</summary>
    string? Conf(string key);
}
