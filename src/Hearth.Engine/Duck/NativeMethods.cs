using System.Runtime.InteropServices;

namespace Hearth.Engine.Duck;

/// <summary>The part of libduckdb's C API (duckdb.h, 1.5) that the engine uses. Handles are raw here; <see cref="DuckDatabase"/>,
/// <see cref="DuckConnection"/> and <see cref="DuckResult"/> own them.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "duckdb";

    [LibraryImport(Library)] public static partial byte* duckdb_library_version();
    [LibraryImport(Library)] public static partial void duckdb_free(void* pointer);

    [LibraryImport(Library)] public static partial int duckdb_create_config(out nint config);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_set_config(nint config, string name, string option);
    [LibraryImport(Library)] public static partial void duckdb_destroy_config(ref nint config);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_open_ext(string? path, out nint database, nint config, out byte* error);
    [LibraryImport(Library)] public static partial void duckdb_close(ref nint database);
    [LibraryImport(Library)] public static partial int duckdb_connect(nint database, out nint connection);
    [LibraryImport(Library)] public static partial void duckdb_disconnect(ref nint connection);
    [LibraryImport(Library)] public static partial void duckdb_interrupt(nint connection);
    [LibraryImport(Library)] public static partial DuckProgress duckdb_query_progress(nint connection);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_query(nint connection, string sql, out DuckResultStruct result);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_prepare(nint connection, string sql, out nint statement);
    [LibraryImport(Library)] public static partial byte* duckdb_prepare_error(nint statement);
    [LibraryImport(Library)] public static partial void duckdb_destroy_prepare(ref nint statement);
    [LibraryImport(Library)] public static partial int duckdb_execute_prepared_streaming(nint statement, out DuckResultStruct result);
    [LibraryImport(Library)] public static partial ulong duckdb_prepared_statement_column_count(nint statement);
    [LibraryImport(Library)] public static partial byte* duckdb_prepared_statement_column_name(nint statement, ulong index);
    [LibraryImport(Library)] public static partial nint duckdb_prepared_statement_column_logical_type(nint statement, ulong index);

    [LibraryImport(Library)] public static partial void duckdb_destroy_result(ref DuckResultStruct result);
    [LibraryImport(Library)] public static partial byte* duckdb_result_error(ref DuckResultStruct result);
    [LibraryImport(Library)] public static partial int duckdb_result_error_type(ref DuckResultStruct result);
    [LibraryImport(Library)] public static partial ulong duckdb_column_count(ref DuckResultStruct result);
    [LibraryImport(Library)] public static partial byte* duckdb_column_name(ref DuckResultStruct result, ulong column);
    [LibraryImport(Library)] public static partial nint duckdb_column_logical_type(ref DuckResultStruct result, ulong column);
    [LibraryImport(Library)] public static partial ulong duckdb_rows_changed(ref DuckResultStruct result);
    [LibraryImport(Library)] public static partial nint duckdb_fetch_chunk(DuckResultStruct result);

    [LibraryImport(Library)] public static partial void duckdb_destroy_data_chunk(ref nint chunk);
    [LibraryImport(Library)] public static partial ulong duckdb_data_chunk_get_size(nint chunk);
    [LibraryImport(Library)] public static partial ulong duckdb_data_chunk_get_column_count(nint chunk);
    [LibraryImport(Library)] public static partial nint duckdb_data_chunk_get_vector(nint chunk, ulong column);
    [LibraryImport(Library)] public static partial void duckdb_data_chunk_set_size(nint chunk, ulong size);
    [LibraryImport(Library)] public static partial void duckdb_data_chunk_reset(nint chunk);
    [LibraryImport(Library)] public static partial nint duckdb_create_data_chunk(nint* types, ulong columnCount);
    [LibraryImport(Library)] public static partial byte* duckdb_vector_get_data(nint vector);
    [LibraryImport(Library)] public static partial ulong* duckdb_vector_get_validity(nint vector);
    [LibraryImport(Library)] public static partial void duckdb_vector_ensure_validity_writable(nint vector);
    [LibraryImport(Library)] public static partial nint duckdb_vector_get_column_type(nint vector);
    [LibraryImport(Library)] public static partial void duckdb_vector_assign_string_element_len(nint vector, ulong index, byte* text, ulong length);
    [LibraryImport(Library)] public static partial nint duckdb_list_vector_get_child(nint vector);
    [LibraryImport(Library)] public static partial ulong duckdb_list_vector_get_size(nint vector);
    [LibraryImport(Library)] public static partial int duckdb_list_vector_set_size(nint vector, ulong size);
    [LibraryImport(Library)] public static partial int duckdb_list_vector_reserve(nint vector, ulong capacity);
    [LibraryImport(Library)] public static partial nint duckdb_struct_vector_get_child(nint vector, ulong index);

    [LibraryImport(Library)] public static partial int duckdb_get_type_id(nint type);
    [LibraryImport(Library)] public static partial nint duckdb_create_logical_type(int type);
    [LibraryImport(Library)] public static partial nint duckdb_create_list_type(nint type);
    [LibraryImport(Library)] public static partial void duckdb_destroy_logical_type(ref nint type);
    [LibraryImport(Library)] public static partial nint duckdb_create_decimal_type(byte width, byte scale);
    [LibraryImport(Library)] public static partial byte duckdb_decimal_width(nint type);
    [LibraryImport(Library)] public static partial byte duckdb_decimal_scale(nint type);
    [LibraryImport(Library)] public static partial nint duckdb_list_type_child_type(nint type);
    [LibraryImport(Library)] public static partial nint duckdb_map_type_key_type(nint type);
    [LibraryImport(Library)] public static partial nint duckdb_map_type_value_type(nint type);
    [LibraryImport(Library)] public static partial ulong duckdb_struct_type_child_count(nint type);
    [LibraryImport(Library)] public static partial byte* duckdb_struct_type_child_name(nint type, ulong index);
    [LibraryImport(Library)] public static partial nint duckdb_struct_type_child_type(nint type, ulong index);

    [LibraryImport(Library)] public static partial nint duckdb_create_scalar_function();
    [LibraryImport(Library)] public static partial void duckdb_destroy_scalar_function(ref nint function);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial void duckdb_scalar_function_set_name(nint function, string name);
    [LibraryImport(Library)] public static partial void duckdb_scalar_function_add_parameter(nint function, nint type);
    [LibraryImport(Library)] public static partial void duckdb_scalar_function_set_return_type(nint function, nint type);
    [LibraryImport(Library)] public static partial void duckdb_scalar_function_set_volatile(nint function);
    [LibraryImport(Library)] public static partial void duckdb_scalar_function_set_special_handling(nint function);
    [LibraryImport(Library)] public static partial void duckdb_scalar_function_set_extra_info(nint function, nint info, nint destroy);
    [LibraryImport(Library)] public static partial nint duckdb_scalar_function_get_extra_info(nint info);
    [LibraryImport(Library)] public static partial void duckdb_scalar_function_set_function(nint function, delegate* unmanaged[Cdecl]<nint, nint, nint, void> callback);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial void duckdb_scalar_function_set_error(nint info, string error);
    [LibraryImport(Library)] public static partial int duckdb_register_scalar_function(nint connection, nint function);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_appender_create(nint connection, string? schema, string table, out nint appender);
    [LibraryImport(Library)] public static partial byte* duckdb_appender_error(nint appender);
    [LibraryImport(Library)] public static partial int duckdb_append_data_chunk(nint appender, nint chunk);
    [LibraryImport(Library)] public static partial int duckdb_appender_close(nint appender);
    [LibraryImport(Library)] public static partial int duckdb_appender_destroy(ref nint appender);
    [LibraryImport(Library)] public static partial ulong duckdb_appender_column_count(nint appender);
    [LibraryImport(Library)] public static partial nint duckdb_appender_column_type(nint appender, ulong index);

    /// <summary>Text of a C string owned by libduckdb (not freed).</summary>
    public static string Text(byte* text) => text == null ? "" : Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>Text of a C string that the caller must free.</summary>
    public static string TakeText(byte* text)
    {
        string value = Text(text);
        if (text != null)
        {
            duckdb_free(text);
        }

        return value;
    }
}

/// <summary>duckdb_result: 48 bytes, passed by value to the fetch functions.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DuckResultStruct
{
    public ulong ColumnCount, RowCount, RowsChanged;
    public nint Columns, ErrorMessage, Internal;
}

/// <summary>duckdb_query_progress_type: percentage (-1 when unknown), rows processed, rows in total.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DuckProgress(double Percentage, ulong RowsProcessed, ulong TotalRows);
